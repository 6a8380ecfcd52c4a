package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tunstack.tcp.EcnMode;
import io.tunstack.tcp.TcpConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelTest {
  @Test
  void shouldBeginWithWhatLinuxScriptsBeginWith() {
    Kernel kernel = new Kernel();
    kernel.run("./defaults.sh");
    TcpConfig config = kernel.config();
    assertEquals(540_000, config.receiveBufferBytes());
    assertEquals(15 << 20, config.maxReceiveBufferBytes());
    assertEquals(EcnMode.OFF, config.ecn());
    assertEquals(List.of(), kernel.ignored());
  }

  @Test
  void shouldSetWhatThereIs_andNoteTheRest() {
    Kernel kernel = new Kernel();
    kernel.run(
        "../common/defaults.sh\n"
            + "sysctl -q net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0\n"
            + "./set_sysctls.py /proc/sys/net/ipv4/tcp_ecn=1 /proc/sys/net/ipv4/tcp_magic=7\n"
            + "sysctl -q net.ipv4.tcp_rmem=\"4096 100000 200000\"; ip link set tun0 up");
    kernel.run("sysctl -q net.ipv4.tcp_congestion_control=reno net.ipv4.tcp_window_scaling=0");
    kernel.run("sysctl net.ipv4.tcp_synack_retries=2 && sysctl net.ipv4.tcp_syn_retries=0");
    TcpConfig config = kernel.config();
    assertFalse(config.timestamps());
    assertFalse(config.sack());
    assertFalse(config.windowScaling());
    assertEquals(EcnMode.ALWAYS, config.ecn());
    assertEquals(100_000, config.receiveBufferBytes());
    assertEquals(200_000, config.maxReceiveBufferBytes());
    assertEquals("newreno", config.congestionControl());
    assertEquals(Duration.ofSeconds(7), config.synAckTimeout());
    assertEquals(Duration.ofSeconds(1), config.synTimeout());
    assertEquals(List.of("tcp_magic=7", "ip link set tun0 up"), kernel.ignored());
  }
}
