package io.tunstack.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A patch with its story: comment lines, then the unified diff of one or more files.
 *
 * @param name the file's name, which begins with its number
 * @param bugClass which kind of bug it is
 * @param caughtBy the test class that is expected to fail
 * @param hunks what is to be replaced, and where
 */
record PlantedBug(String name, String bugClass, String caughtBy, List<Hunk> hunks) {
  private static final String CLASS = "# Class: ";
  private static final String CAUGHT_BY = "# Caught by: ";
  private static final String OLD_FILE = "--- a/";
  private static final String NEW_FILE = "+++ b/";

  /**
   * A place in a file.
   *
   * @param file the path from the root of the checkout
   * @param before the lines that are there, context included
   * @param after the lines that replace them
   */
  record Hunk(String file, List<String> before, List<String> after) {
    /** How often {@code before} stands in the lines given; it must be once. */
    int occurrences(List<String> lines) {
      int found = 0;
      for (int at = 0; at + before.size() <= lines.size(); at++) {
        if (lines.subList(at, at + before.size()).equals(before)) {
          found++;
        }
      }
      return found;
    }
  }

  static PlantedBug read(Path patch) {
    try {
      return parse(patch.getFileName().toString(), Files.readAllLines(patch));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PlantedBug parse(String name, List<String> lines) {
    String bugClass = "";
    String caughtBy = "";
    String file = "";
    List<Hunk> hunks = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(CLASS)) {
        bugClass = line.substring(CLASS.length());
      } else if (line.startsWith(CAUGHT_BY)) {
        caughtBy = line.substring(CAUGHT_BY.length());
      } else if (line.startsWith(OLD_FILE)) {
        file = line.substring(OLD_FILE.length());
      } else if (line.startsWith("@@ ")) {
        hunks.add(new Hunk(file, new ArrayList<>(), new ArrayList<>()));
      } else if (!line.startsWith("#") && !line.startsWith(NEW_FILE)) {
        addLine(hunks.get(hunks.size() - 1), line);
      }
    }
    return new PlantedBug(name, bugClass, caughtBy, hunks);
  }

  private static void addLine(Hunk hunk, String line) {
    String text = line.substring(1);
    switch (line.charAt(0)) {
      case ' ' -> {
        hunk.before.add(text);
        hunk.after.add(text);
      }
      case '-' -> hunk.before.add(text);
      case '+' -> hunk.after.add(text);
      default -> throw new IllegalArgumentException("not a line of a patch: " + line);
    }
  }
}
