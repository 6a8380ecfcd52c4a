package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LinkProfileTest {
  @Test
  void shouldChangeOneThingAtATime() {
    Impairment impairment = Impairment.NONE.withLoss(0.5);
    BurstLoss bursts = BurstLoss.of(0.1, 0.2);
    Bottleneck bottleneck = Bottleneck.tailDrop(1, 2);
    assertEquals(
        new LinkProfile(impairment, bursts, bottleneck, true),
        LinkProfile.NONE.with(impairment).with(bursts).with(bottleneck).withInOrder(true));
    assertEquals(
        new LinkProfile(Impairment.NONE, bursts, Bottleneck.NONE, false),
        LinkProfile.NONE.with(bursts));
  }
}
