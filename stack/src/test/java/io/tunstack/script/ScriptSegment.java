package io.tunstack.script;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment as a line of text: {@code P. 1:81(80) ack 1 win 1000 <sack 90:100>}.
 *
 * <p>Flags first ({@code S F R P U E W} and {@code .} for ACK, or {@code none}), then {@code
 * start:end(length)}, where {@code length} is text and {@code end} = start + length as tcpdump
 * writes it; then optionally {@code ack}, {@code win}, {@code urg} and options. Numbers are
 * relative.
 *
 * @param win -1 if the line does not say
 * @param options null if the line does not say
 */
record ScriptSegment(
    String flags, int seq, int length, int ack, int win, int urg, List<String> options) {

  private static final Pattern LINE =
      Pattern.compile(
          "(?<flags>[SFRPUEW.]+|none) (?<seq>-?\\d+):(?<end>-?\\d+)\\((?<len>\\d+)\\)"
              + "( ack (?<ack>-?\\d+))?( win (?<win>\\d+))?( urg (?<urg>\\d+))?( <(?<opts>[^>]*)>)?");

  private static final String LETTERS = "FSRP.UEW";

  static ScriptSegment parse(String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      throw new IllegalArgumentException("not a segment: " + line);
    }
    int seq = (int) Long.parseLong(m.group("seq"));
    int length = Integer.parseInt(m.group("len"));
    if ((int) Long.parseLong(m.group("end")) - seq != length) {
      throw new IllegalArgumentException("end - start is not the length: " + line);
    }
    List<String> options = null;
    if (m.group("opts") != null) {
      options = new ArrayList<>();
      for (String option : m.group("opts").split(",")) {
        if (!option.isBlank()) {
          options.add(option.trim());
        }
      }
    }
    String flags = m.group("flags");
    boolean hasAck = flags.indexOf('.') >= 0;
    if (hasAck != (m.group("ack") != null)) {
      throw new IllegalArgumentException("'.' and 'ack' go together: " + line);
    }
    return new ScriptSegment(
        flags,
        seq,
        length,
        hasAck ? (int) Long.parseLong(m.group("ack")) : 0,
        m.group("win") == null ? -1 : Integer.parseInt(m.group("win")),
        m.group("urg") == null ? 0 : Integer.parseInt(m.group("urg")),
        options);
  }

  int flagBits() {
    int bits = 0;
    if (!flags.equals("none")) {
      for (int i = 0; i < flags.length(); i++) {
        bits |= 1 << LETTERS.indexOf(flags.charAt(i));
      }
    }
    return bits;
  }

  /**
   * Builds the IPv4 packet.
   *
   * @param seqBase what relative sequence number 0 is
   * @param ackBase what relative acknowledgment number 0 is
   * @param payload where text byte i comes from, at relative sequence number 1 + i
   */
  ByteBuf toPacket(
      int src, int srcPort, int dst, int dstPort, int seqBase, int ackBase, Payload payload) {
    ByteBuf buf = Unpooled.buffer(1600);
    buf.writeByte(0x45).writeByte(0).writeShort(0).writeShort(0).writeShort(0x4000);
    buf.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0).writeInt(src).writeInt(dst);
    boolean hasAck = (flagBits() & TcpView.ACK) != 0;
    TcpView.emit(
        buf,
        srcPort,
        dstPort,
        seqBase + seq,
        hasAck ? ackBase + ack : 0,
        flagBits(),
        win < 0 ? 65535 : win);
    buf.setShort(20 + 18, urg);
    int optionBytes = toOptions(ackBase).emit(buf);
    TcpView.setHeaderLength(buf, 20, TcpView.MIN_HEADER + optionBytes);
    for (int i = 0; i < length; i++) {
      buf.writeByte(payload.at(seq + i));
    }
    buf.setShort(2, buf.writerIndex());
    buf.setShort(10, Checksum.finish(Checksum.sum(buf, 0, 20)));
    int tcpLength = buf.writerIndex() - 20;
    long sum = Checksum.pseudoHeader(src, dst, TcpView.PROTOCOL, tcpLength);
    sum = Checksum.combine(sum, Checksum.sum(buf, 20, tcpLength), false);
    TcpView.setChecksum(buf, 20, Checksum.finish(sum));
    return buf;
  }

  private TcpOptions toOptions(int ackBase) {
    TcpOptions built = new TcpOptions();
    if (options == null) {
      return built;
    }
    for (String option : options) {
      String[] words = option.split(" ");
      switch (words[0]) {
        case "mss" -> built.mss(Integer.parseInt(words[1]));
        case "sackOK" -> built.sackPermitted(true);
        case "wscale" -> built.windowShift(Integer.parseInt(words[1]));
        case "TS" ->
            built.timestamps((int) Long.parseLong(words[2]), (int) Long.parseLong(words[4]));
        case "sack" -> {
          for (int i = 1; i < words.length; i++) {
            String[] edges = words[i].split(":");
            built.addSackBlock(
                ackBase + (int) Long.parseLong(edges[0]), ackBase + (int) Long.parseLong(edges[1]));
          }
        }
        default -> throw new IllegalArgumentException("unknown option: " + option);
      }
    }
    return built;
  }

  /** Reads a packet that the stack sent. */
  static ScriptSegment of(byte[] packet, int seqBase, int ackBase) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    int at = (buf.getByte(0) & 0xf) * 4;
    int total = buf.getUnsignedShort(2);
    int header = TcpView.headerLength(buf, at);
    int bits = TcpView.flags(buf, at);
    TcpOptions read = new TcpOptions();
    if (!read.parse(buf, at + 20, header - 20)) {
      throw new AssertionError("malformed options sent");
    }
    return new ScriptSegment(
        TcpView.flagsToString(bits),
        TcpView.sequence(buf, at) - seqBase,
        total - at - header,
        (bits & TcpView.ACK) != 0 ? TcpView.acknowledgment(buf, at) - ackBase : 0,
        TcpView.window(buf, at),
        TcpView.urgentPointer(buf, at),
        optionStrings(read, ackBase));
  }

  private static List<String> optionStrings(TcpOptions read, int ackBase) {
    List<String> list = new ArrayList<>();
    if (read.hasMss()) {
      list.add("mss " + read.mss());
    }
    if (read.sackPermitted()) {
      list.add("sackOK");
    }
    if (read.hasTimestamps()) {
      list.add(
          "TS val "
              + Integer.toUnsignedString(read.tsVal())
              + " ecr "
              + Integer.toUnsignedString(read.tsEcr()));
    }
    if (read.hasWindowShift()) {
      list.add("wscale " + read.windowShift());
    }
    if (read.sackBlocks() > 0) {
      StringBuilder blocks = new StringBuilder("sack");
      for (int i = 0; i < read.sackBlocks(); i++) {
        blocks.append(' ').append(read.sackLeft(i) - ackBase);
        blocks.append(':').append(read.sackRight(i) - ackBase);
      }
      list.add(blocks.toString());
    }
    return list;
  }

  /**
   * Whether a sent segment is what this line asks for; what the line leaves out is not compared.
   */
  boolean matches(ScriptSegment sent) {
    if (flagBits() != sent.flagBits() || seq != sent.seq || length != sent.length) {
      return false;
    }
    if (ack != sent.ack || (win >= 0 && win != sent.win)) {
      return false;
    }
    return options == null || matchOptions(sent.options);
  }

  /** {@code TS} without numbers matches any timestamps. */
  private boolean matchOptions(List<String> sent) {
    if (options.size() != sent.size()) {
      return false;
    }
    for (String wanted : options) {
      boolean found =
          sent.stream()
              .anyMatch(s -> s.equals(wanted) || (wanted.equals("TS") && s.startsWith("TS ")));
      if (!found) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(flags);
    text.append(' ').append(seq).append(':').append(seq + length);
    text.append('(').append(length).append(')');
    if (flags.indexOf('.') >= 0) {
      text.append(" ack ").append(ack);
    }
    if (win >= 0) {
      text.append(" win ").append(win);
    }
    if (options != null && !options.isEmpty()) {
      text.append(" <").append(String.join(",", options)).append('>');
    }
    return text.toString();
  }

  /** What the text is made of: byte at a relative sequence number. */
  @FunctionalInterface
  interface Payload {
    byte at(int relativeSeq);
  }
}
