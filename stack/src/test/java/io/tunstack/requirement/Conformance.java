package io.tunstack.requirement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the requirements against the tests that prove them, and writes down the result. */
final class Conformance {
  /** Areas whose every row is owed; of others only those with a proved row are listed. */
  private static final List<String> OWED =
      List.of("IP", "FRAG", "ICMP", "UDP", "TCP", "SEC", "EXT", "PMTU", "SYS");

  private final List<Row> rows;
  private final Proofs proofs;
  private final Map<String, String> reasons;

  Conformance(List<Row> rows, Proofs proofs, Map<String, String> reasons) {
    this.rows = rows;
    this.proofs = proofs;
    this.reasons = reasons;
  }

  /**
   * Reads lines of an id, a tab and a reason.
   *
   * @throws IllegalStateException if an id is there twice
   */
  static Map<String, String> reasons(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.isBlank())
        .map(line -> line.split("\t", 2))
        .collect(
            Collectors.toMap(
                parts -> parts[0],
                parts -> parts[1],
                (one, other) -> {
                  throw new IllegalStateException("two reasons: " + one + " / " + other);
                },
                LinkedHashMap::new));
  }

  /** What is wrong with the annotations and reasons. */
  List<String> faults() {
    Map<String, Row> byId = rows.stream().collect(Collectors.toMap(Row::id, row -> row));
    List<String> faults = new ArrayList<>(proofs.faults());
    for (String id : proofs.ids()) {
      if (!byId.containsKey(id)) {
        faults.add(proofs.of(id) + " name " + id + ", which is no requirement");
      }
    }
    for (String id : reasons.keySet()) {
      if (!byId.containsKey(id)) {
        faults.add("a reason is given for " + id + ", which is no requirement");
      } else if (byId.get(id).level().equals("MUST")) {
        faults.add("a reason is given for " + id + ", but a MUST knows none");
      } else if (!proofs.of(id).isEmpty()) {
        faults.add("a reason is given for " + id + ", which " + proofs.of(id) + " prove");
      }
    }
    return faults;
  }

  /** MUSTs without a test, and SHOULDs with neither test nor reason: a line each. */
  List<String> open() {
    return rows.stream()
        .filter(row -> OWED.contains(row.prefix()))
        .filter(row -> row.isOwed() && !isProved(row) && !reasons.containsKey(row.id()))
        .map(row -> row.id() + " " + row.level())
        .toList();
  }

  private boolean isProved(Row row) {
    return !proofs.of(row.id()).isEmpty();
  }

  /** The document, in Markdown. */
  String document() {
    StringBuilder text = new StringBuilder(HEAD);
    List<Row> listed = listed();
    text.append('\n').append(count(listed, "MUST"));
    text.append(' ').append(count(listed, "SHOULD"));
    text.append(' ').append(count(listed, "MAY")).append('\n');
    Map<String, List<Row>> byArea =
        listed.stream()
            .collect(Collectors.groupingBy(Row::area, LinkedHashMap::new, Collectors.toList()));
    byArea.forEach((area, inArea) -> appendArea(text, area, inArea));
    return text.toString();
  }

  private static final String HEAD =
      """
      # What the RFCs require, and which test proves it

      Generated from the tests by `ConformanceTest`, which fails when this file is not what they say:
      do not edit, write it again. A test is named beside a row whose observable behaviour it checks.
      Tests of other modules have the module's name before theirs. A SHOULD or MAY that is not done
      says why. Rows about HTTP, the proxy, the resolver and the command line are not the
      stack's and not here.
      """;

  private List<Row> listed() {
    Set<String> touched =
        rows.stream().filter(this::isProved).map(Row::prefix).collect(Collectors.toSet());
    return rows.stream()
        .filter(row -> OWED.contains(row.prefix()) || touched.contains(row.prefix()))
        .toList();
  }

  private String count(List<Row> among, String level) {
    List<Row> some = among.stream().filter(row -> row.level().equals(level)).toList();
    return "%s: %d of %d proved."
        .formatted(level, some.stream().filter(this::isProved).count(), some.size());
  }

  private void appendArea(StringBuilder text, String area, List<Row> inArea) {
    text.append("\n## ").append(area).append("\n\n").append(count(inArea, "MUST"));
    text.append("\n\n| id | | section | requirement | proved by |\n|---|---|---|---|---|\n");
    for (Row row : inArea) {
      text.append("| ").append(row.id());
      text.append(" | ").append(row.level()).append(' ').append(row.priority());
      text.append(" | ").append(cell(row.section()));
      text.append(" | ").append(cell(row.text()));
      text.append(" | ").append(proof(row)).append(" |\n");
    }
  }

  private String proof(Row row) {
    if (isProved(row)) {
      return proofs.of(row.id()).stream()
          .map(test -> "`" + test + "`")
          .collect(Collectors.joining("<br>"));
    }
    return reasons.containsKey(row.id()) ? "not done: " + cell(reasons.get(row.id())) : "**open**";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
