package io.tunstack.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CountersTest {
  private final Counters counters = new Counters();

  @Test
  void shouldCount() {
    counters.increment(Counter.IP_IN_RECEIVES);
    counters.add(Counter.IP_IN_RECEIVES, 4);
    counters.sent(SendReason.DATA);
    assertEquals(5, counters.get(Counter.IP_IN_RECEIVES));
    assertEquals(1, counters.get(SendReason.DATA));
  }

  @Test
  void shouldCountADrop_inBothOfLinuxsCounters() {
    counters.drop(DropReason.UDP_CHECKSUM);
    counters.drop(DropReason.UDP_RECEIVE_BUFFER);
    counters.drop(DropReason.UDP_LENGTH);
    assertEquals(1, counters.get(DropReason.UDP_CHECKSUM));
    assertEquals(1, counters.get(Counter.UDP_IN_CSUM_ERRORS));
    assertEquals(1, counters.get(Counter.UDP_RCVBUF_ERRORS));
    assertEquals(3, counters.get(Counter.UDP_IN_ERRORS));
  }

  @ParameterizedTest
  @EnumSource(DropReason.class)
  void shouldNotCountADropTwiceInOneCounter(DropReason reason) {
    counters.drop(reason);
    assertEquals(1, counters.get(reason));
    for (Counter counter : Counter.values()) {
      assertTrue(counters.get(counter) <= 1, counter::name);
    }
  }

  @Test
  void shouldGiveEachANameOfItsOwn() {
    Map<String, Long> all = counters.snapshot();
    int expected =
        Counter.values().length + DropReason.values().length + SendReason.values().length;
    assertEquals(expected, all.size());
    assertTrue(all.containsKey("TcpExtTCPTimeouts"));
    assertTrue(all.containsKey("Drop.IP_CHECKSUM"));
    Set<String> groups = new HashSet<>();
    for (Counter counter : Counter.values()) {
      groups.add(counter.group());
    }
    assertEquals(Set.of("Ip", "IpExt", "Icmp", "Udp", "Tcp", "TcpExt", "Tunstack"), groups);
  }
}
