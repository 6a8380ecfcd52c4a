package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CongestionControlsTest {
  @Test
  void shouldMakeOneOfEachName_withThatName() {
    for (String name : CongestionControls.names()) {
      CongestionControl made = CongestionControls.create(name, TcpConfig.DEFAULT);
      assertEquals(name, made.name());
      assertNotSame(made, CongestionControls.create(name, TcpConfig.DEFAULT));
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
  void shouldGoOnWithTheWindow_whenAnotherTakesOver() {
    for (String name : CongestionControls.names()) {
      CongestionControl made = CongestionControls.create(name, TcpConfig.DEFAULT);
      made.onTakeOver(1000, 77_000, 50_000);
      assertEquals(77_000, made.cwnd(), name);
      assertEquals(50_000, made.ssthresh(), name);
    }
  }
}
