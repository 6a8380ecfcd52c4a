package io.tunstack.packetdrill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An argument of a system call. */
sealed interface Argument {
  /** {@code ...}: whatever is right. */
  record Any() implements Argument {}

  /** A number, or names of constants with {@code |} between them. */
  record Value(long value) implements Argument {}

  /** A text in quotation marks. */
  record Text(String text) implements Argument {}

  /** What stands in brackets. */
  record Sequence(List<Argument> items) implements Argument {}

  /** What stands in braces; items without a name are numbered. */
  record Structure(Map<String, Argument> fields) implements Argument {}

  /** A function of others, such as {@code htons(80)}. */
  record Applied(String function, List<Argument> arguments) implements Argument {}

  static Argument parse(Cursor in) {
    Argument first = parseOne(in);
    while (in.take("|")) {
      if (!(first instanceof Value left) || !(parseOne(in) instanceof Value right)) {
        throw in.error("only numbers can be or-ed");
      }
      first = new Value(left.value() | right.value());
    }
    return first;
  }

  private static Argument parseOne(Cursor in) {
    if (in.take("...")) {
      return new Any();
    }
    if (in.take("[")) {
      return new Sequence(list(in, "]"));
    }
    if (in.take("{")) {
      return structure(in);
    }
    if (in.take("\"")) {
      return new Text(in.upTo("\""));
    }
    if (in.seesNumber()) {
      return new Value(in.number());
    }
    String name = in.word();
    if (in.take("(")) {
      return new Applied(name, list(in, ")"));
    }
    return new Value(Constants.of(name, in));
  }

  static List<Argument> list(Cursor in, String end) {
    List<Argument> items = new ArrayList<>();
    while (!in.take(end)) {
      items.add(parse(in));
      if (!in.sees(end)) {
        in.require(",");
      }
    }
    return items;
  }

  private static Structure structure(Cursor in) {
    Map<String, Argument> fields = new LinkedHashMap<>();
    while (!in.take("}")) {
      String name = Integer.toString(fields.size());
      if (in.seesWord()) {
        name = in.word();
        if (in.take("(")) {
          list(in, ")");
        }
        in.require("=");
      }
      fields.put(name, parse(in));
      if (!in.sees("}")) {
        in.require(",");
      }
    }
    return new Structure(fields);
  }
}
