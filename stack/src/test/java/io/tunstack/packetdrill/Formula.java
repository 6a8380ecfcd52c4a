package io.tunstack.packetdrill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The little of Python that assertions are made of: {@code assert a == 10 and 3 <= b <= 5,
 * message}, one behind the other. Numbers only; true is 1.
 */
final class Formula {
  private static final List<String> COMPARISONS = List.of("==", "!=", "<=", ">=", "<", ">");

  private final Cursor in;
  private final Map<String, Long> names;

  private Formula(String code, Map<String, Long> names) {
    this.in = new Cursor(code.replace("\\\n", "\n"));
    this.names = names;
  }

  /** Answers which assertions do not hold, as they are written. */
  static List<String> failures(String code, Map<String, Long> names) {
    Formula formula = new Formula(code, names);
    List<String> failures = new ArrayList<>();
    while (formula.in.hasMore()) {
      if (formula.in.take(";")) {
        continue;
      }
      formula.in.require("assert");
      int start = formula.in.position();
      boolean holds = formula.or() != 0;
      if (!holds) {
        failures.add(formula.in.since(start));
      }
      if (formula.in.take(",")) {
        formula.skipMessage();
      }
    }
    return failures;
  }

  private void skipMessage() {
    if (in.take("\"")) {
      in.upTo("\"");
    } else if (in.take("'")) {
      in.upTo("'");
    } else {
      or();
    }
  }

  private long or() {
    long value = and();
    while (in.take("or ")) {
      long right = and();
      value = value != 0 ? value : right;
    }
    return value;
  }

  private long and() {
    long value = not();
    while (in.take("and ")) {
      long right = not();
      value = value == 0 ? value : right;
    }
    return value;
  }

  private long not() {
    if (in.take("not ")) {
      return not() == 0 ? 1 : 0;
    }
    return comparison();
  }

  private long comparison() {
    long left = sum();
    boolean compared = false;
    boolean holds = true;
    String operator = operator();
    while (operator != null) {
      long right = sum();
      holds &= compare(left, operator, right);
      left = right;
      compared = true;
      operator = operator();
    }
    return compared ? (holds ? 1 : 0) : left;
  }

  private String operator() {
    for (String each : COMPARISONS) {
      if (in.take(each)) {
        return each;
      }
    }
    return null;
  }

  private static boolean compare(long left, String operator, long right) {
    return switch (operator) {
      case "==" -> left == right;
      case "!=" -> left != right;
      case "<=" -> left <= right;
      case ">=" -> left >= right;
      case "<" -> left < right;
      default -> left > right;
    };
  }

  private long sum() {
    long value = product();
    while (in.sees("+") || in.sees("-")) {
      value = in.take("+") ? value + product() : value - minus();
    }
    return value;
  }

  private long minus() {
    in.require("-");
    return product();
  }

  private long product() {
    long value = one();
    while (in.sees("*") || in.sees("/") || in.sees("&")) {
      if (in.take("*")) {
        value *= one();
      } else if (in.take("&")) {
        value &= one();
      } else {
        in.require("/");
        in.take("/");
        value = Math.floorDiv(value, one());
      }
    }
    return value;
  }

  private long one() {
    if (in.take("(")) {
      long value = or();
      in.require(")");
      return value;
    }
    if (in.seesNumber()) {
      return in.number();
    }
    String name = in.word();
    Long value = names.get(name);
    if (value == null) {
      throw in.error("the field " + name + " is not known here");
    }
    return value;
  }
}
