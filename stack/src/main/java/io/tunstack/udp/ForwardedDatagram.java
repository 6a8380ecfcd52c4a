package io.tunstack.udp;

import io.tunstack.wire.FourTuple;
import java.nio.ByteBuffer;

/**
 * A datagram to whatever host, on a stack that stands in for it. The text may be read on any
 * thread; everything else belongs to the engine thread.
 */
public final class ForwardedDatagram {
  private final UdpForwarding forwarding;
  private final FourTuple tuple;

  /** The whole IPv4 packet: an ICMP error quotes from its beginning. */
  private final byte[] packet;

  private final int textAt;
  private final int length;

  ForwardedDatagram(
      UdpForwarding forwarding, FourTuple tuple, byte[] packet, int textAt, int length) {
    this.forwarding = forwarding;
    this.tuple = tuple;
    this.packet = packet;
    this.textAt = textAt;
    this.length = length;
  }

  int cost() {
    return UdpDatagram.OVERHEAD_BYTES + packet.length;
  }

  byte[] packet() {
    return packet;
  }

  /**
   * Returns whom it was meant for and who sent it.
   *
   * @return the destination as the local end, the sender as the remote end
   */
  public FourTuple tuple() {
    return tuple;
  }

  /**
   * Returns the text.
   *
   * @return a new view on the same bytes, positioned at the first
   */
  public ByteBuffer text() {
    return ByteBuffer.wrap(packet, textAt, length).slice();
  }

  /**
   * Sends a datagram back in the destination's name, as often as wanted, now or later.
   *
   * @param text drained; free for reuse on return
   * @return whether it has left; false if it was lost here already
   * @throws IllegalArgumentException if it is too long for a datagram
   * @throws IllegalStateException if the stack is closed
   */
  public boolean answer(ByteBuffer text) {
    return forwarding.answer(this, text);
  }

  /**
   * Answers with "destination unreachable" from the destination's address, subject to the rate
   * limit on ICMP errors.
   *
   * @param code one of ICMP's, 0 to 15, such as 3, port unreachable
   * @throws IllegalArgumentException if it is not a code
   */
  public void unreachable(int code) {
    forwarding.unreachable(this, code);
  }

  @Override
  public String toString() {
    return tuple.remote()
        + ":"
        + tuple.remotePort()
        + " > "
        + tuple.local()
        + ":"
        + tuple.localPort()
        + " ("
        + length
        + ")";
  }
}
