package io.tunstack.packetdrill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads packetdrill's language: each step is a time and then {@code <} or {@code >} with a segment,
 * a system call with its result, a command in backticks or assertions between percent signs.
 */
final class ScriptParser {
  private final String name;
  private final Cursor in;
  private final Map<String, String> settings = new HashMap<>();
  private final List<String> setup = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  private ScriptParser(String name, String text) {
    this.name = name;
    this.in = new Cursor(text);
  }

  /**
   * Reads a script.
   *
   * @throws ScriptError if it says what is not understood here
   */
  static Script parse(String name, String text) {
    return new ScriptParser(name, text).script();
  }

  private Script script() {
    while (in.hasMore()) {
      if (in.take("--")) {
        String[] parts = in.restOfLine().split("=", 2);
        settings.put(parts[0], parts.length > 1 ? parts[1] : "");
      } else {
        step();
      }
    }
    return new Script(name, settings, setup, events);
  }

  private void step() {
    int line = in.line();
    int start = in.position();
    boolean timed = in.sees("+") || in.sees("*") || in.seesTime();
    When when = timed ? When.parse(in) : When.NEXT;
    int body = in.position();
    if (in.take("`")) {
      String command = in.upTo("`");
      if (events.isEmpty()) {
        setup.add(command);
      } else {
        events.add(new Event.Shell(when, line, in.since(start), command));
      }
    } else if (in.take("%{")) {
      String code = in.upTo("}%");
      events.add(new Event.Check(when, line, in.since(body), code));
    } else if (in.take("<")) {
      if (in.sees("icmp") || IcmpLine.seesQuote(in)) {
        IcmpLine message = IcmpLine.parse(in);
        events.add(new Event.Trouble(when, line, in.since(body), message));
      } else {
        SegmentLine segment = SegmentLine.parse(in);
        events.add(new Event.Arrival(when, line, in.since(body), segment));
      }
    } else if (in.take(">")) {
      SegmentLine segment = SegmentLine.parse(in);
      events.add(new Event.Departure(when, line, in.since(body), segment));
    } else {
      call(when, line, body);
    }
  }

  private void call(When when, int line, int start) {
    String function = in.word();
    in.require("(");
    List<Argument> arguments = Argument.list(in, ")");
    in.require("=");
    Long result = in.take("...") ? null : (Long) in.number();
    String errno = "";
    if (result != null && result < 0) {
      errno = in.word();
    }
    String text = in.since(start);
    if (in.take("(")) {
      in.upTo(")");
    }
    events.add(new Event.Call(when, line, text, function, arguments, result, errno));
  }
}
