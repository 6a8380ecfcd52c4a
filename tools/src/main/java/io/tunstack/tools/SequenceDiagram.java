package io.tunstack.tools;

import io.tunstack.tcp.TcpState;
import io.tunstack.tools.Demo.Closer;
import io.tunstack.tools.Demo.Segment;
import io.tunstack.tools.Demo.Story;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what {@link Demo} has seen as a diagram in two columns, and says what it shows. */
final class SequenceDiagram {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The names as Wireshark orders them, each with its bit. */
  private static final int[] FLAG_BITS = {
    TcpView.FIN, TcpView.SYN, TcpView.RST, TcpView.PSH, TcpView.ACK
  };

  private static final List<String> FLAG_NAMES = List.of("FIN", "SYN", "RST", "PSH", "ACK");

  private final Story story;
  private final boolean absolute;
  private final int clientIsn;
  private final int serverIsn;
  private final List<String> lines = new ArrayList<>();

  private SequenceDiagram(Story story, boolean absolute) {
    this.story = story;
    this.absolute = absolute;
    this.clientIsn = isn(true);
    this.serverIsn = isn(false);
  }

  private int isn(boolean ofClient) {
    return story.segments().stream()
        .filter(s -> s.fromClient() == ofClient && has(s, TcpView.SYN))
        .mapToInt(Segment::seq)
        .findFirst()
        .orElseThrow();
  }

  /** Returns the whole text, lines ending in LF. */
  static String of(Story story, boolean absolute) {
    SequenceDiagram diagram = new SequenceDiagram(story, absolute);
    diagram.write();
    return String.join("\n", diagram.lines) + "\n";
  }

  private void write() {
    lines.add("Client " + Demo.CLIENT + ", server " + Demo.SERVER + " port " + Demo.PORT + ".");
    lines.add(
        "Each arrow is a segment; at its ends stand the states once it has left and arrived.");
    lines.add(
        absolute
            ? "Seq and Ack are the numbers in the header."
            : "Seq and Ack count from each side's initial sequence number (--absolute shows it).");
    lines.add("");
    row("  time", "client", "", "server");
    row("", TcpState.CLOSED.name(), "", TcpState.LISTEN.name());
    String phase = "";
    for (Segment segment : story.segments()) {
      String next = phaseOf(segment, phase);
      if (!next.equals(phase)) {
        heading(next);
        phase = next;
      }
      segment(segment);
    }
    timeWaitOver();
    lines.add("");
    lines.addAll(explanation());
  }

  /** An acknowledgment alone belongs to what it acknowledges. */
  private static String phaseOf(Segment segment, String phase) {
    if (has(segment, TcpView.FIN)) {
      return "Teardown";
    }
    if (segment.length() > 0) {
      return segment.fromClient() ? "Request" : "Response";
    }
    return phase.isEmpty() ? "Handshake" : phase;
  }

  private void heading(String phase) {
    lines.add("");
    lines.add(phase);
    if (phase.equals("Request")) {
      quote(Demo.REQUEST, "  > ");
    } else if (phase.equals("Response")) {
      int head = Demo.RESPONSE.indexOf("\r\n\r\n") + 4;
      quote(Demo.RESPONSE.substring(0, head), "  < ");
      lines.add("  < (" + (Demo.RESPONSE.length() - head) + " bytes of text)");
    }
  }

  private void quote(String text, String prefix) {
    text.lines().forEach(line -> lines.add((prefix + line).stripTrailing()));
  }

  private void segment(Segment s) {
    int senderIsn = s.fromClient() ? clientIsn : serverIsn;
    int receiverIsn = s.fromClient() ? serverIsn : clientIsn;
    int width = absolute ? 10 : 3;
    String what =
        String.format(
            Locale.ROOT,
            "%-7s  Seq=%-" + width + "s  Ack=%-" + width + "s  Len=%-3d",
            flags(s.flags()),
            number(s.seq(), senderIsn),
            has(s, TcpView.ACK) ? number(s.ack(), receiverIsn) : "-",
            s.length());
    row(
        time(s.nanos()),
        (s.fromClient() ? s.sender() : s.receiver()).name(),
        s.fromClient() ? "--- " + what + " -->" : "<-- " + what + " ---",
        (s.fromClient() ? s.receiver() : s.sender()).name());
  }

  private void timeWaitOver() {
    row(
        time(story.timeWaitOverNanos()),
        TcpState.CLOSED.name(),
        "(2 MSL have passed)",
        TcpState.CLOSED.name());
  }

  private void row(String time, String client, String arrow, String server) {
    int width = absolute ? 56 : 42;
    lines.add(
        String.format(Locale.ROOT, "%9s  %-12s %-" + width + "s  %s", time, client, arrow, server));
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
  }

  private String number(int value, int isn) {
    return Integer.toUnsignedString(absolute ? value : Seq.distance(isn, value));
  }

  private static boolean has(Segment segment, int flag) {
    return (segment.flags() & flag) != 0;
  }

  private static String flags(int flags) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < FLAG_BITS.length; i++) {
      if ((flags & FLAG_BITS[i]) != 0) {
        names.add(FLAG_NAMES.get(i));
      }
    }
    return String.join(",", names);
  }

  private List<String> explanation() {
    List<String> said = new ArrayList<>();
    said.add("What you have seen");
    said.add("- Each direction has a sequence of its own, which begins at a number hard to guess.");
    said.add("- SYN and FIN take one number each, every byte of data takes one; a bare ACK none.");
    said.add(
        "- The acknowledgment number is the next byte expected. ACK is the flag that says the");
    said.add("  number counts; every segment after the first SYN has it.");
    said.add("- The client is ESTABLISHED when the SYN,ACK comes, the server one way later.");
    said.add(
        "- The response acknowledged the request by the way. Nothing went back with it for the");
    said.add("  response itself, so that ACK waited 40 ms for company and then went alone.");
    said.addAll(teardown());
    return said;
  }

  private List<String> teardown() {
    if (story.script().closer() == Closer.BOTH) {
      return List.of(
          "- Both closed at the same moment. The FINs crossed: each side got a FIN instead of the",
          "  ACK of its own, and went to CLOSING. Both wait 2 MSL in TIME_WAIT.");
    }
    String first = story.script().closer() == Closer.CLIENT ? "client" : "server";
    String other = first.equals("client") ? "server" : "client";
    List<String> said = new ArrayList<>();
    if (story.script().late()) {
      said.add(
          "- The "
              + other
              + " acknowledged the FIN at once and closed later, when its application");
      said.add("  did: four segments. In between, in CLOSE_WAIT, it could still have sent data.");
    } else {
      said.add(
          "- The "
              + other
              + " closed as soon as it saw the FIN, so its ACK and its own FIN are one");
      said.add("  segment, and the teardown has three.");
    }
    said.add(
        "- Who closes first waits 2 MSL in TIME_WAIT, here the " + first + ": the last ACK may be");
    said.add("  lost, and then the other FIN comes again and must find somebody.");
    return said;
  }
}
