package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The algorithms by name. */
class CongestionControlsTest {
  @Test
  void shouldMakeOneOfEachName_withThatName() {
    for (String name : CongestionControls.names()) {
      CongestionWindow window = new CongestionWindow(10);
      CongestionControl made = CongestionControls.create(name, window);
      assertEquals(name, made.name());
      assertNotSame(made, CongestionControls.create(name, window));
    }
    assertTrue(CongestionControls.names().contains(CongestionControls.DEFAULT));
  }

  @Test
  void shouldTakeANameInAnyCase() {
    assertEquals("newreno", CongestionControls.require("NewReno"));
  }

  @Test
  void shouldSayWhatThereIs_whenThereIsNoSuchAlgorithm() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> TcpConfig.builder().congestionControl("vegas").build());
    assertTrue(thrown.getMessage().contains("'vegas'"), thrown.getMessage());
    for (String name : CongestionControls.names()) {
      assertTrue(thrown.getMessage().contains(name), thrown.getMessage());
    }
  }

  @Test
  @Requirement("CC-025")
  void shouldGoOnWithTheWindow_whenAnotherTakesOver() {
    for (String name : CongestionControls.names()) {
      CongestionWindow window = new CongestionWindow(10);
      window.cwnd = 77_000;
      window.ssthresh = 50_000;
      CongestionControls.create(name, window).onEstablished(0);
      assertEquals(77_000, window.cwnd, name);
      assertEquals(50_000, window.ssthresh, name);
    }
  }
}
