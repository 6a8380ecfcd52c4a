package io.tunstack.requirement;

import java.util.List;

/**
 * A requirement.
 *
 * @param id the prefix of its area and a number: {@code TCP-012}
 * @param area in words
 * @param priority {@code P0} to {@code P2}
 * @param level {@code MUST}, {@code SHOULD} or {@code MAY}
 * @param section of which RFC
 * @param text what is required
 */
record Row(String id, String area, String priority, String level, String section, String text) {
  private static final int COLUMNS = 7;

  /** Reads the table; its first line holds the columns' names. */
  static List<Row> parse(List<String> lines) {
    return lines.stream().skip(1).map(Row::parse).toList();
  }

  private static Row parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException("not " + COLUMNS + " columns: " + line);
    }
    return new Row(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]);
  }

  String prefix() {
    return id.substring(0, id.indexOf('-'));
  }

  /** Whether it is to be proved, or at least its absence explained. */
  boolean isOwed() {
    return !level.equals("MAY");
  }
}
