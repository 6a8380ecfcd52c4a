package io.tunstack.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;

/** Makes packets with right checksums, placed by the numbers that both sides are at. */
final class FuzzedPeer {
  /** So that a few bytes cross 2³¹, where an int changes its sign. */
  static final int ISN = Integer.MIN_VALUE - 1_000;

  /**
   * No text that begins further below the window's right edge can be taken: the largest window (RFC
   * 7323 §2.3) and the longest segment. Numbers beyond are half the space away, where before and
   * after are one.
   */
  private static final int REACH = (1 << 30) + (1 << 16);

  private static final int MAX_OPTION_BYTES = 40;
  private static final int MAX_TEXT = 1_460;

  /** What an offloading link may bring in one packet: more than is lent, and than a slab holds. */
  private static final int MAX_MERGED_TEXT = 40_000;

  /** What senders send, and what only attackers do. */
  private static final int[] FLAGS = {
    TcpView.ACK,
    TcpView.ACK | TcpView.PSH,
    TcpView.ACK,
    TcpView.SYN,
    TcpView.SYN | TcpView.ACK,
    TcpView.RST,
    TcpView.RST | TcpView.ACK,
    TcpView.FIN | TcpView.ACK,
    TcpView.FIN,
    0,
    TcpView.URG | TcpView.ACK,
    TcpView.SYN | TcpView.FIN,
    0xff,
    TcpView.ACK | 0x40,
    TcpView.ACK | 0x80,
    TcpView.SYN | 0xc0
  };

  private final FuzzedStack stack;
  private final boolean timestamps;
  private final int maxText;
  private final ByteBuf packet = Unpooled.buffer(FuzzedStack.MTU);
  private final ByteBuf optionBytes = Unpooled.buffer(MAX_OPTION_BYTES);
  private final TcpOptions options = new TcpOptions();
  private int clock = 1_000;

  /** The highest of our numbers that was acknowledged. */
  private int una;

  /**
   * Makes one.
   *
   * @param merged whether segments come as an offloading link merges them
   */
  FuzzedPeer(FuzzedStack stack, boolean timestamps, boolean merged) {
    this.stack = stack;
    this.timestamps = timestamps;
    this.maxText = merged ? MAX_MERGED_TEXT : MAX_TEXT - MAX_OPTION_BYTES;
  }

  // ---- packets as a fuzzer wants them ------------------------------------------------------

  /** Makes and sends a packet out of the next bytes. */
  void send(FuzzInput input) {
    int raw = input.octet();
    int flags = raw < 0xf0 ? FLAGS[raw % FLAGS.length] : input.octet();
    int placement = input.octet();
    int seq = sequence(placement & 7, input);
    int ack = acknowledgment((placement >> 3) & 7, input);
    int shape = input.octet();
    int window =
        switch (shape & 3) {
          case 0 -> 65_535;
          case 1 -> 0;
          case 2 -> input.octet();
          default -> input.word();
        };
    int length =
        switch ((shape >> 2) & 3) {
          case 0 -> 0;
          case 1 -> 1;
          case 2 -> input.octet();
          default -> input.word() % maxText;
        };
    send(flags, seq, ack, window, length, options((shape >> 4) & 15, flags, input));
  }

  private int sequence(int where, FuzzInput input) {
    int nxt = stack.ackSent ? stack.rcvNxt : ISN;
    return switch (where) {
      case 0, 1 -> nxt;
      case 2 -> nxt + input.small();
      case 3 -> nxt - 1;
      case 4 -> stack.edge + input.small();
      case 5 -> nxt + input.word();
      case 6 -> input.number();
      default -> ISN + input.octet();
    };
  }

  private int acknowledgment(int where, FuzzInput input) {
    if (Seq.lt(una, stack.iss) || Seq.gt(una, stack.sndNxt)) {
      una = stack.iss;
    }
    return switch (where) {
      case 0, 1 -> stack.sndNxt;
      case 2 -> una;
      case 3 -> una + input.octet();
      case 4 -> stack.sndNxt + input.small();
      case 5 -> una - input.word();
      case 6 -> input.number();
      default -> stack.iss + input.octet();
    };
  }

  private ByteBuf options(int kind, int flags, FuzzInput input) {
    options.clear();
    if (timestamps && kind != 1) {
      clock++;
      int value = kind == 2 ? clock + input.small() : kind == 3 ? input.number() : clock;
      options.timestamps(value, kind == 4 ? input.number() : 0);
    }
    if ((flags & TcpView.SYN) != 0 && kind != 5) {
      options.mss(kind == 6 ? input.word() : MAX_TEXT).windowShift(input.octet() & 15);
      options.sackPermitted(true);
    }
    if (kind >= 8 && kind < 12) {
      for (int i = 8; i <= kind && i < 11; i++) {
        int left = una + input.word();
        options.addSackBlock(left, left + input.small() * 8);
      }
    }
    optionBytes.clear();
    options.emit(optionBytes);
    if (kind >= 12) {
      // Whatever it is, in whole words.
      int words = Math.min(input.octet() & 15, (MAX_OPTION_BYTES - optionBytes.writerIndex()) / 4);
      for (int i = 0; i < words; i++) {
        optionBytes.writeInt(input.number());
      }
    }
    return optionBytes;
  }

  // ---- packets as they are -----------------------------------------------------------------

  ByteBuf noOptions() {
    return optionBytes.clear();
  }

  /** What a peer offers that has everything, or little. */
  ByteBuf synOptions(boolean everything) {
    options.clear();
    options.mss(MAX_TEXT);
    if (everything) {
      options.windowShift(7).sackPermitted(true);
    }
    return withTimestamps();
  }

  /** What a segment of a good peer's carries. */
  ByteBuf plainOptions() {
    options.clear();
    return withTimestamps();
  }

  private ByteBuf withTimestamps() {
    if (timestamps) {
      options.timestamps(clock++, 0);
    }
    options.emit(optionBytes.clear());
    return optionBytes;
  }

  /** Sends a segment that continues the stream and acknowledges everything. */
  void sendNext(int flags, int length) {
    send(flags, stack.rcvNxt, stack.sndNxt, 65_535, length, plainOptions());
  }

  void send(int flags, int seq, int ack, int window, int length, ByteBuf optionBytes) {
    int at = 20;
    packet.clear();
    packet.writeByte(0x45).writeByte(0).writeShort(0).writeInt(0x4000);
    packet.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0);
    packet.writeInt(FuzzedStack.PEER).writeInt(FuzzedStack.LOCAL);
    int port = FuzzedStack.PEER_PORT;
    boolean acknowledges = (flags & TcpView.ACK) != 0;
    TcpView.emit(packet, port, stack.localPort, seq, acknowledges ? ack : 0, flags, window);
    packet.writeBytes(optionBytes, 0, optionBytes.writerIndex());
    TcpView.setHeaderLength(packet, at, TcpView.MIN_HEADER + optionBytes.writerIndex());
    int text = (flags & TcpView.SYN) != 0 ? seq + 1 : seq;
    for (int i = 0; i < length; i++) {
      packet.writeByte(text - ISN - 1 + i);
    }
    packet.setShort(2, packet.writerIndex());
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, at)));
    int tcp = packet.writerIndex() - at;
    long sum = Checksum.pseudoHeader(FuzzedStack.PEER, FuzzedStack.LOCAL, TcpView.PROTOCOL, tcp);
    sum = Checksum.combine(sum, Checksum.sum(packet, at, tcp), false);
    TcpView.setChecksum(packet, at, Checksum.finish(sum));
    note(flags, seq, ack, length);
    stack.receive(packet);
  }

  private void note(int flags, int seq, int ack, int length) {
    int end = seq + length + ((flags & TcpView.FIN) != 0 ? 1 : 0);
    end += (flags & TcpView.SYN) != 0 ? 1 : 0;
    stack.peerLast = end;
    int belowEdge = stack.edge - seq;
    if (belowEdge >= 0 && belowEdge <= REACH && Seq.gt(end, stack.peerNxt)) {
      stack.peerNxt = end;
    }
    if ((flags & TcpView.ACK) != 0 && Seq.gt(ack, una) && Seq.le(ack, stack.sndNxt)) {
      una = ack;
    }
  }
}
