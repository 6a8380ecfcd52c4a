package io.tunstack.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayList;
import java.util.List;

/** A host's end of the simulated network. */
final class HostLink implements Link {
  private final Simulation simulation;
  private final int mtu;
  private final List<SimulatedPath> inbound = new ArrayList<>();
  private SimulatedHost host;
  private boolean closed;

  HostLink(Simulation simulation, int mtu) {
    this.simulation = simulation;
    this.mtu = mtu;
  }

  void attach(SimulatedHost owner) {
    host = owner;
  }

  void addInbound(SimulatedPath path) {
    inbound.add(path);
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    if (closed || packet.length() > mtu) {
      return false;
    }
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    simulation.carry(host, bytes);
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    SimulatedPath next = firstDue();
    byte[] packet = next == null ? null : next.line().poll(simulation.clock().nanos());
    if (packet == null || closed) {
      return 0;
    }
    into.clear().writeBytes(packet);
    simulation.delivered(next, into);
    return packet.length;
  }

  /** The path whose next packet comes first; of several at one instant, the oldest path's. */
  private SimulatedPath firstDue() {
    SimulatedPath first = null;
    for (SimulatedPath path : inbound) {
      if (first == null || path.line().nextDue() < first.line().nextDue()) {
        first = path;
      }
    }
    return first;
  }

  /** When the next packet arrives, by the simulation's clock. */
  long nextDue() {
    SimulatedPath first = closed ? null : firstDue();
    return first == null ? NEVER : first.line().nextDue();
  }

  @Override
  public long nextDeadline() {
    return host.toHostTime(nextDue());
  }

  @Override
  public void close() {
    closed = true;
    inbound.forEach(path -> path.line().clear());
  }
}
