package io.tunstack.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tunstack.ip.IpRig;
import io.tunstack.ip.Packets;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.SipHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UdpTableTest {
  private static final EndpointHandler NOBODY =
      new EndpointHandler() {
        @Override
        public void onReadable() {}

        @Override
        public void onError(UdpError error) {}
      };

  @Test
  void shouldFindEveryConnectedEndpoint_whateverOthersComeAndGo() {
    try (IpRig rig = new IpRig()) {
      Udp udp = new Udp(rig.ip, rig.counters, () -> 3, () -> rig.now);
      rig.ip.register(udp);
      List<UdpEndpoint> endpoints = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        UdpEndpoint endpoint = udp.bind(IpAddress.UNSPECIFIED, 1000 + i, NOBODY);
        endpoint.connect(Packets.PEER, 2000 + i);
        endpoints.add(endpoint);
      }
      Collections.shuffle(endpoints, new Random(1));
      while (!endpoints.isEmpty()) {
        for (UdpEndpoint endpoint : endpoints.subList(0, Math.min(50, endpoints.size()))) {
          deliver(rig, endpoint);
          assertEquals(0, endpoint.receive().orElseThrow().length());
        }
        endpoints.subList(0, Math.min(50, endpoints.size())).forEach(UdpEndpoint::close);
        endpoints.subList(0, Math.min(50, endpoints.size())).clear();
      }
      assertEquals(0, udp.endpointCount());
      rig.expectNothing();
    }
  }

  private static void deliver(IpRig rig, UdpEndpoint to) {
    rig.inject(
        Packets.datagram(Udp.PROTOCOL, Packets.udp(to.remotePort(), to.localPort(), new byte[0])));
  }

  @Test
  void shouldTakeEndpointsOutOfTheMiddleOfAChain() {
    try (IpRig rig = new IpRig()) {
      Udp udp = new Udp(rig.ip, rig.counters, () -> 3, () -> rig.now);
      UdpTable table = new UdpTable(new SipHash(1, 2));
      UdpEndpoint[] chain = new UdpEndpoint[3];
      for (int i = 0; i < chain.length; i++) {
        chain[i] = new UdpEndpoint(udp, 10 + i, 7, 64, NOBODY);
        table.addBound(chain[i]);
      }
      assertSame(chain[1], table.find(11, 7, 1, 1));
      table.removeBound(chain[1]);
      assertNull(table.find(11, 7, 1, 1));
      assertSame(chain[0], table.find(10, 7, 1, 1));
      assertSame(chain[2], table.find(12, 7, 1, 1));
      table.removeBound(chain[0]);
      table.removeBound(chain[2]);
      assertEquals(0, table.size());
    }
  }
}
