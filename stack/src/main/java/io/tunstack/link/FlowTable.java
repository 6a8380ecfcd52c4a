package io.tunstack.link;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells flows apart by the headers of their packets, so that what happens to one does not depend on
 * what the others send.
 *
 * <pre>
 *   protocol, addresses, lower port  = a service          seed of a flow =
 *     + higher port                  = a flow of it         f(line's seed, service, n-th flow of it)
 * </pre>
 *
 * <p>The higher port is mostly the client's, and a kernel draws it anew every time. So that a run
 * can be repeated all the same it does not go into the seed; how many flows the service had before
 * does. Fragments without ports, and protocols that have none, are one flow for each pair of hosts;
 * what is not IPv4 is one flow.
 */
final class FlowTable {
  /** Flows at most; those that come later are taken for one. Some ten megabytes. */
  static final int MAX_FLOWS = 65_536;

  private static final int IPV4 = 4;
  private static final int MIN_HEADER = 20;
  private static final int IDENTIFICATION_AND_FRAGMENT = 4;
  private static final int MORE_OR_OFFSET = 0x3fff;
  private static final int PROTOCOL = 9;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private final long seed;
  private final Map<Name, Flow> flows = new HashMap<>();
  private final Map<Name, Integer> services = new HashMap<>();
  private final Flow rest;
  private Flow last;
  private long lastHosts;
  private long lastPorts;

  FlowTable(long seed) {
    this.seed = seed;
    rest = new Flow(Draws.derive(seed, Long.MAX_VALUE));
  }

  /**
   * @param hosts both addresses
   * @param ports protocol and ports, or the protocol and the lower port
   */
  private record Name(long hosts, long ports) {}

  /** Finds the flow that a packet belongs to, or begins it. */
  Flow of(byte[] packet) {
    long hosts = 0;
    long ports = 0;
    if (packet.length >= MIN_HEADER && packet[0] >>> 4 == IPV4) {
      hosts = (long) word(packet, SOURCE) << 32 | (word(packet, DESTINATION) & 0xffffffffL);
      ports = protocolAndPorts(packet);
    }
    // Packets come in runs of one flow.
    if (last == null || hosts != lastHosts || ports != lastPorts) {
      last = find(new Name(hosts, ports));
      lastHosts = hosts;
      lastPorts = ports;
    }
    return last;
  }

  private Flow find(Name name) {
    Flow flow = flows.get(name);
    if (flow == null) {
      flow = flows.size() < MAX_FLOWS ? begin(name) : rest;
    }
    return flow;
  }

  private Flow begin(Name name) {
    int source = (int) (name.ports >>> 16) & 0xffff;
    int destination = (int) name.ports & 0xffff;
    long protocol = name.ports >>> 32;
    Name service = new Name(name.hosts, protocol << 32 | Math.min(source, destination));
    int before = services.merge(service, 1, Integer::sum) - 1;
    long named = Draws.derive(Draws.derive(seed, service.hosts), service.ports);
    Flow flow = new Flow(Draws.derive(named, before));
    flows.put(name, flow);
    return flow;
  }

  private static long protocolAndPorts(byte[] packet) {
    int protocol = packet[PROTOCOL] & 0xff;
    int header = (packet[0] & 0xf) * 4;
    boolean whole = (word(packet, IDENTIFICATION_AND_FRAGMENT) & MORE_OR_OFFSET) == 0;
    boolean hasPorts = (protocol == TCP || protocol == UDP) && whole;
    int ports = hasPorts && packet.length >= header + 4 ? word(packet, header) : 0;
    return (long) protocol << 32 | (ports & 0xffffffffL);
  }

  private static int word(byte[] packet, int at) {
    return (packet[at] & 0xff) << 24
        | (packet[at + 1] & 0xff) << 16
        | (packet[at + 2] & 0xff) << 8
        | (packet[at + 3] & 0xff);
  }
}
