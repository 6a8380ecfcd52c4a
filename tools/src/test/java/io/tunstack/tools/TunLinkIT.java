package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;
import io.tunstack.tun.TunInfo;
import io.tunstack.tun.TunLink;
import io.tunstack.wire.IpAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The link on a real device, against the kernel of this machine. */
@RequiresRoot
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TunLinkIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long SHORT_WAIT_NANOS = 10_000_000;
  private static final Pattern LOSS = Pattern.compile("[0-9.]+% packet loss");
  private static final int FLOOD = 10_000;

  private final ByteBuf packet = Unpooled.directBuffer(65_536, 65_536);
  private final OutboundPacket answer = new OutboundPacket();
  private TunLink link;

  @AfterEach
  void close() {
    if (link != null) {
      link.close();
    }
    packet.release();
    answer.header().release();
  }

  @Test
  void shouldAnswerPing_whenAnEchoReplyIsWritten() throws Exception {
    link = TunLink.open(TunConfig.builder().build());

    assertEquals("0% packet loss", pingLoss("-c", "3", "-i", "0.2"));
    assertEquals(
        new TunInfo("tunstack0", IpAddress.parse("10.77.0.1"), 24, 1500, 10_000, false, false),
        link.info());
    assertTrue(run("ip", "-4", "address", "show", "dev", "tunstack0").contains("10.77.0.1/24"));
    assertTrue(run("ip", "route").contains("10.77.0.0/24 dev tunstack0"));
  }

  @Test
  void shouldLoseNothing_whenThereAreManyPackets() throws Exception {
    link = TunLink.open(TunConfig.builder().build());

    assertEquals("0% packet loss", pingLoss("-f", "-c", String.valueOf(FLOOD)));
  }

  @Test
  void shouldCarryLargePackets_whenTheMtuIsLarge() throws Exception {
    link = TunLink.open(TunConfig.builder().mtu(65_535).build());

    assertEquals("0% packet loss", pingLoss("-c", "2", "-i", "0.2", "-s", "65507"));
  }

  @Test
  void shouldIgnoreIpv6_whenTheKernelSolicitsRouters() throws Exception {
    link = TunLink.open(TunConfig.builder().build());
    // A kernel without IPv6 has nothing to solicit.
    boolean solicits = Files.exists(Path.of("/proc/sys/net/ipv6/conf/tunstack0/disable_ipv6"));

    while (solicits && link.ignoredPackets() == 0) {
      assertEquals(0, link.receive(packet));
      link.await(SHORT_WAIT_NANOS);
    }
    assertEquals("0% packet loss", pingLoss("-c", "1"));
  }

  @Test
  void shouldEnd_whenTheDeviceIsDeleted() throws Exception {
    link = TunLink.open(TunConfig.builder().build());
    CompletableFuture<String> deleted = runLater("ip", "link", "del", "tunstack0");

    LinkException gone = assertThrows(LinkException.class, this::receiveForEver);

    deleted.get();
    assertTrue(gone.getMessage().contains("tunstack0 is gone"), gone.getMessage());
    assertThrows(LinkException.class, () -> link.receive(packet));
    assertThrows(LinkException.class, () -> link.send(answer));
  }

  @Test
  void shouldGoOn_whenTheInterfaceWasDown() throws Exception {
    link = TunLink.open(TunConfig.builder().build());
    run("bash", "-c", "echo > /dev/udp/10.77.0.2/9");
    run("ip", "link", "set", "tunstack0", "down");
    // The kernel's own retransmissions to an address of an earlier test may be queued as well.
    assertTrue(drain() > 0, "what was queued before is still there to be read");

    answer.reset().header().setZero(0, OutboundPacket.IP_HEADER_ROOM).setByte(0, 0x45);
    assertFalse(link.send(answer));
    assertEquals(0, drain());
    link.await(SHORT_WAIT_NANOS);
    run("ip", "link", "set", "tunstack0", "up");

    assertEquals("0% packet loss", pingLoss("-c", "3", "-i", "0.2"));
  }

  @Test
  void shouldGoOn_whenTheMtuChanges() throws Exception {
    link = TunLink.open(TunConfig.builder().build());
    run("ip", "link", "set", "tunstack0", "mtu", "9000");
    assertEquals("0% packet loss", pingLoss("-c", "2", "-i", "0.2", "-s", "8900"));

    run("ip", "link", "set", "tunstack0", "mtu", "600");
    assertEquals("0% packet loss", pingLoss("-c", "2", "-i", "0.2", "-s", "500"));
    assertEquals(1500, link.mtu());
  }

  @Test
  void shouldEndTheWait_whenAnotherThreadClosesOrWakes() throws Exception {
    link = TunLink.open(TunConfig.builder().build());
    drain();

    CompletableFuture<Void> waker = CompletableFuture.runAsync(link::wakeup);
    assertTimeoutPreemptively(LIMIT, () -> link.await(Long.MAX_VALUE));
    waker.get();
    CompletableFuture<Void> closer = CompletableFuture.runAsync(link::close);
    assertThrows(LinkException.class, this::receiveForEver);

    closer.get();
    link.wakeup();
    link.close();
    assertFalse(Files.exists(Path.of("/sys/class/net/tunstack0")));
  }

  @Test
  void shouldLeaveThePersistentDeviceAlone_whenClosed() throws Exception {
    run("ip", "tuntap", "add", "dev", "mine", "mode", "tun");
    try {
      run("ip", "address", "add", "10.80.0.1/24", "dev", "mine");
      TunConfig config =
          TunConfig.builder().name("mine").hostAddress(IpAddress.parse("10.80.0.1"), 24).build();
      TunConfig other = TunConfig.builder().name("mine").build();

      link = TunLink.open(config);
      assertTrue(link.info().persistent());
      link.close();

      assertTrue(run("ip", "address", "show", "dev", "mine").contains("10.80.0.1/24"));
      assertEquals(Kind.CONFIGURED_OTHERWISE, refusal(other).kind());
    } finally {
      run("ip", "tuntap", "del", "dev", "mine", "mode", "tun");
    }
  }

  @Test
  void shouldRefuse_whenNameOrAddressIsInUse() {
    link = TunLink.open(TunConfig.builder().build());
    IpAddress free = IpAddress.parse("10.80.0.1");

    assertAll(
        () ->
            assertEquals(
                Kind.NAME_IN_USE,
                refusal(TunConfig.builder().hostAddress(free, 24).build()).kind()),
        () ->
            assertEquals(
                Kind.NAME_IN_USE,
                refusal(TunConfig.builder().name("lo").hostAddress(free, 24).build()).kind()),
        () ->
            assertEquals(
                Kind.ADDRESS_IN_USE, refusal(TunConfig.builder().name("other").build()).kind()));
    assertFalse(Files.exists(Path.of("/sys/class/net/other")));
  }

  @Test
  void shouldMakeNoGarbage_whenSendingReceivingAndWaiting() {
    link = TunLink.open(TunConfig.builder().build());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    answer.reset().header().setZero(0, OutboundPacket.IP_HEADER_ROOM).setByte(0, 0x45);
    answer.addRange(packet, 0, 1480);

    oneRoundOfEach(FLOOD);
    long before = threads.getCurrentThreadAllocatedBytes();
    oneRoundOfEach(FLOOD);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // Whatever the compiler and the bean itself allocate is far below a byte a call.
    assertTrue(allocated < FLOOD, allocated + " bytes in " + FLOOD + " rounds");
  }

  private void oneRoundOfEach(int rounds) {
    for (int i = 0; i < rounds; i++) {
      link.send(answer);
      link.receive(packet);
      link.await(0);
      link.wakeup();
    }
  }

  private static TunException refusal(TunConfig config) {
    return assertThrows(TunException.class, () -> TunLink.open(config).close());
  }

  private int drain() {
    int packets = 0;
    while (link.receive(packet) > 0) {
      packets++;
    }
    return packets;
  }

  private void receiveForEver() {
    while (true) {
      if (link.receive(packet) == 0) {
        link.await(Long.MAX_VALUE);
      }
    }
  }

  /** Pings the address behind the device, answers until ping ends, and returns what was lost. */
  private String pingLoss(String... options) throws Exception {
    String[] command = new String[options.length + 4];
    command[0] = "ping";
    command[1] = "-W";
    command[2] = "5";
    System.arraycopy(options, 0, command, 3, options.length);
    command[command.length - 1] = "10.77.0.2";
    CompletableFuture<String> ping = runLater(command);
    while (!ping.isDone()) {
      if (link.receive(packet) > 0) {
        reply();
      } else {
        link.await(SHORT_WAIT_NANOS);
      }
    }
    String output = ping.get();
    Matcher loss = LOSS.matcher(output);
    return loss.find() ? loss.group() : output;
  }

  /** Turns an echo request around: addresses swapped, type 0, checksum corrected by 8 << 8. */
  private void reply() {
    if (packet.getByte(9) != 1 || packet.getByte(20) != 8) {
      return;
    }
    int source = packet.getInt(12);
    packet.setInt(12, packet.getInt(16)).setInt(16, source).setByte(20, 0);
    int checksum = packet.getUnsignedShort(22) + 0x0800;
    packet.setShort(22, (checksum & 0xffff) + (checksum >>> 16));
    int front = OutboundPacket.IP_HEADER_ROOM;
    answer.reset().header().setBytes(0, packet, 0, front);
    int middle = Math.min(packet.readableBytes() - front, 16);
    answer.addRange(packet, front, middle);
    answer.addRange(packet, front + middle, packet.readableBytes() - front - middle);
    assertTrue(link.send(answer));
  }

  private static CompletableFuture<String> runLater(String... command) {
    return CompletableFuture.supplyAsync(() -> run(command));
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }
}
