package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tun.TunInfo;
import org.junit.jupiter.api.Test;

final class GuideTest {
  private static String text(int port, boolean persistent) {
    UpSettings settings = UpSettings.of("web0", "192.168.5.20/28", "192.168.5.30", 9000, port);
    TunInfo device =
        new TunInfo("web0", settings.tun().hostAddress(), 28, 9000, 10_000, persistent, true);
    return Guide.text(settings, device);
  }

  @Test
  void shouldSayWhatThereIsAndWhatToTypeNext() {
    String text = text(80, false);

    assertTrue(text.contains("192.168.5.20 behind the device web0"), text);
    assertTrue(text.contains("192.168.5.30/28, MTU 9000"), text);
    assertTrue(text.contains("  ping 192.168.5.20\n"), text);
    assertTrue(text.contains("  curl http://192.168.5.20/hello\n"), text);
    assertTrue(text.contains("  tcpdump -n -i web0 "), text);
    assertTrue(text.contains("  http://192.168.5.20/\n"), text);
    assertTrue(text.contains("removes web0."), text);
  }

  @Test
  void shouldNameThePort_whenItIsNotTheUsualOne() {
    String text = text(8080, false);

    assertTrue(text.contains("curl http://192.168.5.20:8080/hello\n"), text);
    assertTrue(text.contains("  http://192.168.5.20:8080/\n"), text);
  }

  @Test
  void shouldNotPromiseToRemoveTheDevice_whenItIsSomebodyElses() {
    String text = text(80, true);

    assertFalse(text.contains("removes"), text);
    assertTrue(text.contains("leaves web0 as it was."), text);
  }

  @Test
  void shouldSayThatItGoesOn_whenThereIsNoOffload() {
    UpSettings settings = UpSettings.of("web0", "192.168.5.20/28", "", 1500, 80);
    TunInfo device =
        new TunInfo("web0", settings.tun().hostAddress(), 28, 1500, 10_000, false, false);

    String text = Guide.noOffload(device);

    assertTrue(text.contains("does not offer offload on web0; going on without"), text);
  }

  @Test
  void shouldSayHowToLengthenTheQueue_whenItIsShort() {
    UpSettings settings = UpSettings.of("web0", "192.168.5.20/28", "", 1500, 80);
    TunInfo device = new TunInfo("web0", settings.tun().hostAddress(), 28, 1500, 500, true, true);

    String text = Guide.shortQueue(device);

    assertTrue(text.contains("500 packets"), text);
    assertTrue(text.contains("sudo ip link set dev web0 txqueuelen 10000"), text);
  }
}
