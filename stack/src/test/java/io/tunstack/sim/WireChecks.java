package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads every packet between the two hosts and holds what each host says against what it was told:
 * windows, acknowledgments, the place of the FIN, the bytes themselves.
 */
final class WireChecks {
  private final int mtu;
  private final Map<Side, Sent> sent = new EnumMap<>(Side.class);
  private final Map<Side, StateChecks> states;
  private final TcpOptions options = new TcpOptions();

  /**
   * By how much a window's edge moves if it moves: silly-window avoidance (RFC 9293 §3.8.6.2.2).
   */
  private final int leastUpdate;

  /** Packets that left a host, lost ones included. */
  long packets;

  /** Packets that were lost or arrived damaged. */
  long losses;

  boolean zeroWindow;

  /**
   * An old SYN has made a second connection of the same name: numbers of both are on the wire, and
   * who means which cannot be told from outside any more.
   */
  boolean reincarnated;

  WireChecks(int mtu, int leastUpdate, Map<Side, StateChecks> states) {
    this.mtu = mtu;
    this.leastUpdate = leastUpdate;
    this.states = states;
    for (Side side : Side.values()) {
      sent.put(side, new Sent());
    }
  }

  /** What one side has said, and what it was told. */
  private static final class Sent {
    boolean synSeen;
    int iss;
    int shift = -1;

    /** Behind the last byte sent: SND.NXT as the wire knows it. */
    int nxt;

    boolean ackSeen;
    int ack;

    /** The right edge of the window it offers. */
    int edge;

    boolean finSeen;
    int finSeq;

    boolean told;

    /** The right edge of the window that it was offered, as far as that has arrived. */
    int mayUpTo;
  }

  /** Whether a side's sequence numbers crossed 2³¹ or 2³². */
  boolean wrapped() {
    return sent.values().stream().anyMatch(s -> s.iss < 0 != s.nxt < 0);
  }

  int iss(Side side) {
    return sent.get(side).iss;
  }

  /** A packet has been lost on its way. */
  void lost() {
    losses++;
  }

  /** A packet leaves a side, whatever becomes of it. */
  void sent(Side from, ByteBuf packet) {
    packets++;
    assertTrue(packet.readableBytes() <= mtu, "a packet larger than the MTU");
    assertTrue(isIntact(packet), "a packet with a wrong checksum left a host");
    if (!reincarnated) {
      left(from, packet, TcpView.MIN_HEADER);
    }
  }

  private static boolean isIntact(ByteBuf packet) {
    if (Ipv4View.check(packet, 0, packet.readableBytes()) != Ipv4Fault.NONE) {
      return false;
    }
    int length = packet.readableBytes() - Ipv4View.MIN_HEADER_LENGTH;
    long sum =
        Checksum.pseudoHeader(
            Ipv4View.source(packet, 0), Ipv4View.destination(packet, 0), TcpView.PROTOCOL, length);
    long all =
        Checksum.combine(sum, Checksum.sum(packet, Ipv4View.MIN_HEADER_LENGTH, length), false);
    return Checksum.isValid(all);
  }

  private void left(Side side, ByteBuf packet, int at) {
    Sent me = sent.get(side);
    Sent peer = sent.get(side.other());
    int flags = TcpView.flags(packet, at);
    if ((flags & TcpView.RST) != 0) {
      return;
    }
    int seq = TcpView.sequence(packet, at);
    if (isSyn(packet, at)) {
      synLeft(side, me, packet, at, seq);
      if (reincarnated) {
        return;
      }
    }
    if ((flags & TcpView.ACK) != 0) {
      acknowledgmentLeft(side, me, peer, packet, at);
    }
    textLeft(side, me, packet, at, seq);
  }

  private void synLeft(Side side, Sent me, ByteBuf packet, int at, int seq) {
    // Where no time passes a new connection may even have its predecessor's number.
    if (me.synSeen && (me.iss != seq || states.get(side).state() == TcpState.CLOSED)) {
      reincarnated = true;
      return;
    }
    if (!me.synSeen) {
      me.synSeen = true;
      me.iss = seq;
      me.nxt = seq + 1;
    }
    options.clear();
    options.parse(packet, at + TcpView.MIN_HEADER, headerLength(packet, at) - TcpView.MIN_HEADER);
    me.shift = options.hasWindowShift() ? options.windowShift() : -1;
  }

  private static boolean isSyn(ByteBuf packet, int at) {
    return (TcpView.flags(packet, at) & TcpView.SYN) != 0;
  }

  private static int headerLength(ByteBuf packet, int at) {
    return TcpView.headerLength(packet, at);
  }

  private static int window(Sent sender, Sent other, ByteBuf packet, int at) {
    boolean scaled = !isSyn(packet, at) && sender.shift >= 0 && other.shift >= 0;
    return TcpView.window(packet, at) << (scaled ? sender.shift : 0);
  }

  private void acknowledgmentLeft(Side side, Sent me, Sent peer, ByteBuf packet, int at) {
    int ack = TcpView.acknowledgment(packet, at);
    int window = window(me, peer, packet, at);
    assertTrue(
        Seq.le(ack, peer.nxt), () -> side + " acknowledges " + ack + ", which was never sent");
    if (me.ackSeen) {
      assertTrue(Seq.ge(ack, me.ack), () -> side + "'s acknowledgments went back from " + me.ack);
      // A SYN that goes again repeats what it said, and has no scale to say more with.
      assertTrue(
          isSyn(packet, at) || Seq.ge(ack + window, me.edge),
          () -> side + "'s window shrank by " + (me.edge - ack - window));
    }
    int moved = me.ackSeen ? ack + window - me.edge : 0;
    assertTrue(
        isSyn(packet, at) || moved <= 0 || moved >= leastUpdate || peer.finSeen,
        () -> side + "'s window opens by no more than " + moved);
    me.edge = me.ackSeen ? Seq.max(me.edge, ack + window) : ack + window;
    me.ackSeen = true;
    me.ack = ack;
    zeroWindow |= window == 0;
  }

  private void textLeft(Side side, Sent me, ByteBuf packet, int at, int seq) {
    int header = headerLength(packet, at);
    int length = packet.readableBytes() - at - header;
    boolean fin = (TcpView.flags(packet, at) & TcpView.FIN) != 0;
    int end = seq + length + (fin ? 1 : 0) + (isSyn(packet, at) ? 1 : 0);
    if (length > 0 || fin) {
      int beyond = me.told ? Seq.distance(me.mayUpTo, end) : Integer.MAX_VALUE;
      boolean probe = states.get(side).lastReason().equals("WINDOW_PROBE");
      assertTrue(
          beyond <= (probe ? 1 : 0), () -> side + " sends " + beyond + " beyond the peer's window");
      assertTrue(Seq.le(seq, me.nxt), () -> side + " leaves a gap at " + me.nxt);
    }
    for (int i = 0; i < length; i++) {
      long position = Integer.toUnsignedLong(seq + i - me.iss - 1);
      if (packet.getByte(at + header + i) != side.byteAt(position)) {
        assertEquals(
            side.byteAt(position),
            packet.getByte(at + header + i),
            side + " sends a wrong byte at " + position);
      }
    }
    if (fin) {
      int finSeq = seq + length;
      assertTrue(
          !me.finSeen || me.finSeq == finSeq, () -> side + " moves its FIN from " + me.finSeq);
      me.finSeen = true;
      me.finSeq = finSeq;
    }
    me.nxt = Seq.max(me.nxt, end);
    if (me.finSeen) {
      assertTrue(Seq.le(me.nxt, me.finSeq + 1), () -> side + " sends behind its FIN");
    }
  }

  /** A packet that a side sent is about to be read by the other. */
  void delivered(Side from, ByteBuf packet) {
    if (!isIntact(packet)) {
      losses++;
      return;
    }
    int at = TcpView.MIN_HEADER;
    int flags = TcpView.flags(packet, at);
    if ((flags & TcpView.ACK) == 0 || (flags & TcpView.RST) != 0) {
      return;
    }
    Sent me = sent.get(from.other());
    int edge = TcpView.acknowledgment(packet, at) + window(sent.get(from), me, packet, at);
    me.mayUpTo = me.told ? Seq.max(me.mayUpTo, edge) : edge;
    me.told = true;
  }
}
