package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Several descriptors bound to one device. */
class TunQueuesTest {
  private final FakeKernel kernel = new FakeKernel();

  private List<String> attached() {
    return kernel.calls.stream().filter(call -> call.startsWith("TUNSETIFF")).toList();
  }

  @Test
  void shouldBindEveryQueueTheSameWay() {
    TunConfig config = TunConfig.builder().offload(true).build();

    List<TunLink> links = TunLink.openQueues(kernel, config, 3);

    assertEquals(3, links.size());
    assertTrue(links.stream().allMatch(link -> link.info().offload()));
    String one = "TUNSETIFF tunstack0 vnet multi";
    assertEquals(List.of(one, one, one), attached());
    // It is one device, and set up once.
    assertEquals(1, kernel.calls.stream().filter(call -> call.startsWith("set 8914")).count());
    // The descriptors of this kernel are one and the same.
    links.get(0).close();
  }

  @Test
  void shouldGoWithoutOffloadInAll_whenTheFirstHasNone() {
    kernel.offersOffload = false;

    List<TunLink> links = TunLink.openQueues(kernel, TunConfig.builder().offload(true).build(), 2);

    assertFalse(links.get(1).info().offload());
    assertEquals("TUNSETIFF tunstack0 multi", attached().get(attached().size() - 1));
    // The descriptors of this kernel are one and the same.
    links.get(0).close();
  }

  @Test
  void shouldMakeAnOrdinaryDevice_whenOneIsEnough() {
    TunLink.openQueues(kernel, TunConfig.builder().build(), 1).forEach(TunLink::close);

    assertEquals(List.of("TUNSETIFF tunstack0"), attached());
  }

  @Test
  void shouldLeaveNothingOpen_whenAQueueCannotBeHad() {
    kernel.eventErrno = Errno.ENOMEM;
    TunConfig config = TunConfig.builder().build();

    assertThrows(TunException.class, () -> TunLink.openQueues(kernel, config, 2));

    assertFalse(kernel.closed.isEmpty());
  }
}
