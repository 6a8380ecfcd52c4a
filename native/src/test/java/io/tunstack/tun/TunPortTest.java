package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.LinkException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunPortTest {
  private final FakeKernel kernel = new FakeKernel();
  private final TunPort port = new TunPort(kernel, TunConfig.builder().name("ta").build());

  @Test
  void shouldHaveNoAddress_andALongQueue() {
    FakeKernel.Interface device = kernel.interfaces.get("ta");
    assertTrue(device.isUp());
    assertEquals(List.of(), device.addresses);
    assertEquals(TunConfig.TX_QUEUE_LENGTH, device.txQueueLength);
  }

  @Test
  void shouldKeepPacketsApart() {
    kernel.deliver((byte) 1, (byte) 2);
    kernel.deliver((byte) 3);
    byte[] first = port.receive();
    assertArrayEquals(new byte[] {3}, port.receive());
    assertArrayEquals(new byte[] {1, 2}, first);
    assertNull(port.receive());
    assertEquals(2, port.received());
  }

  @Test
  void shouldSaySo_whenTheKernelTookOnlyAPart() {
    kernel.writeShortBy = 1;
    assertFalse(port.send(new byte[20]));
    assertEquals(1, port.refused());
  }

  @Test
  void shouldFail_whenReadingIsImpossible() {
    kernel.readErrno = Errno.EFAULT;
    assertThrows(LinkException.class, port::receive);
  }

  @Test
  void shouldCloseOnce() {
    port.close();
    port.close();
    assertEquals(1, kernel.closed.stream().filter(fd -> fd == FakeKernel.TUN).count());
    assertThrows(LinkException.class, () -> port.send(new byte[20]));
  }
}
