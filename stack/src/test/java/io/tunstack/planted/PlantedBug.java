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
 * <p>It is planted by what it says, not by where: the numbers of lines are ignored and so is
 * indentation, what is to be replaced has to be there once. So a patch fits as long as the few
 * lines do that it is about, wherever they move.
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
        if (standsAt(lines, at)) {
          found++;
        }
      }
      return found;
    }

    private boolean standsAt(List<String> lines, int at) {
      for (int i = 0; i < before.size(); i++) {
        if (!lines.get(at + i).strip().equals(before.get(i).strip())) {
          return false;
        }
      }
      return true;
    }

    private void replaceIn(List<String> lines) {
      int at = 0;
      while (!standsAt(lines, at)) {
        at++;
      }
      List<String> place = lines.subList(at, at + before.size());
      place.clear();
      place.addAll(after);
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

  /**
   * Replaces the lines in a copy of the sources.
   *
   * @throws IllegalStateException if a hunk does not fit, with advice
   */
  void plant(Path root) throws IOException {
    for (Hunk hunk : hunks) {
      Path file = root.resolve(hunk.file);
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      if (hunk.occurrences(lines) != 1) {
        throw new IllegalStateException(misfit(hunk, hunk.occurrences(lines)));
      }
      hunk.replaceIn(lines);
      Files.write(file, lines);
    }
  }

  /** What to do about a hunk whose lines are not there, or are there more than once. */
  String misfit(Hunk hunk, int occurrences) {
    return name
        + ": these lines stand "
        + occurrences
        + " times in "
        + hunk.file
        + ", must stand there once:\n    "
        + String.join("\n    ", hunk.before)
        + "\n"
        + "The source has changed under the planted bug. Make the same mistake in today's code:"
        + " edit src/test/resources/planted/"
        + name
        + ", then see it caught: src/test/planted/run "
        + name.substring(0, 2)
        + ". Delete it only if no code is left in which the mistake could be made.";
  }

  /** Plants the patch that the first argument names below the directory that the second names. */
  public static void main(String[] args) throws IOException {
    try {
      read(Path.of(args[0])).plant(Path.of(args[1]));
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
