package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TunInfoTest {
  @Test
  void shouldTellOfAShortQueue_whenItIsShorterThanWanted() {
    assertTrue(withQueue(TunConfig.TX_QUEUE_LENGTH - 1).hasShortQueue());
    assertFalse(withQueue(TunConfig.TX_QUEUE_LENGTH).hasShortQueue());
  }

  private static TunInfo withQueue(int packets) {
    return new TunInfo("t", TunConfig.DEFAULT_HOST_ADDRESS, 24, 1500, packets, true, false);
  }
}
