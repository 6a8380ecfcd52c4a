package io.tunstack.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requirements, and a change of the code that breaks them: the smallest way to see their tests red.
 *
 * <pre>
 *   TCP-001
 *   seen by script.SegmentFormatTest
 *   in tcp/Tcp.java
 *   - Checksum.finish(sum) == 0
 *   + Checksum.finish(sum) &gt;= 0
 * </pre>
 *
 * @param ids the requirements
 * @param tests classes, below {@code io.tunstack}, of which one fails at least
 * @param edits what is replaced by what
 */
record BrokenRule(List<String> ids, List<String> tests, List<Edit> edits) {
  private static final String SEEN_BY = "seen by ";
  private static final String IN = "in ";

  /**
   * A piece of code and what replaces it. It has to be there once; how it is indented does not
   * matter.
   *
   * @param file below {@code io/tunstack}
   * @param before lines, without their indentation
   * @param after lines
   */
  record Edit(String file, List<String> before, List<String> after) {
    /**
     * Makes the change.
     *
     * @throws IllegalStateException if the code is not there, or more than once
     */
    String applyTo(String source) {
      Matcher place =
          Pattern.compile(
                  before.stream().map(Pattern::quote).collect(Collectors.joining("\\s*\\n\\s*")))
              .matcher(source);
      if (!place.find()) {
        throw new IllegalStateException("is not in " + file + ": " + String.join(" ", before));
      }
      int start = place.start();
      int end = place.end();
      if (place.find()) {
        throw new IllegalStateException("is twice in " + file + ": " + String.join(" ", before));
      }
      return source.substring(0, start) + String.join("\n", after) + source.substring(end);
    }
  }

  /** Reads a file of them, with empty lines between. */
  static List<BrokenRule> readAll(Path file) throws IOException {
    List<BrokenRule> rules = new ArrayList<>();
    for (String block : Files.readString(file).split("\n\n+")) {
      if (!block.isBlank()) {
        rules.add(parse(block.strip().lines().toList()));
      }
    }
    return rules;
  }

  private static BrokenRule parse(List<String> lines) {
    List<String> ids = List.of(lines.get(0).split(" "));
    List<String> tests = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith(SEEN_BY)) {
        for (String name : line.substring(SEEN_BY.length()).split(" ")) {
          tests.add("io.tunstack." + name);
        }
      } else if (line.startsWith(IN)) {
        edits.add(new Edit(line.substring(IN.length()), new ArrayList<>(), new ArrayList<>()));
      } else if (line.startsWith("- ")) {
        edits.get(edits.size() - 1).before.add(line.substring(2));
      } else if (line.startsWith("+ ")) {
        edits.get(edits.size() - 1).after.add(line.substring(2));
      } else {
        throw new IllegalArgumentException("of " + ids + ": " + line);
      }
    }
    return new BrokenRule(ids, tests, edits);
  }
}
