package io.tunstack.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.http.wire.HeadLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
  @Test
  void shouldTakeWhatItIsGiven() {
    HeadLimits head = new HeadLimits(8_000, 1, 1, 1, 1);
    ClientLimits limits =
        ClientLimits.builder()
            .head(head)
            .connectTimeout(Duration.ofSeconds(1))
            .headTimeout(Duration.ofSeconds(2))
            .idleTimeout(Duration.ofSeconds(3))
            .totalTimeout(Duration.ofSeconds(4))
            .build();

    assertEquals(
        new ClientLimits(
            head,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4)),
        limits);
  }

  @Test
  void shouldRefuseTimesThatAreNone() {
    ClientLimits.Builder builder = ClientLimits.builder();
    assertThrows(
        IllegalArgumentException.class, () -> builder.connectTimeout(Duration.ZERO).build());
    builder.connectTimeout(Duration.ofSeconds(1));
    assertThrows(
        IllegalArgumentException.class, () -> builder.headTimeout(Duration.ofNanos(-1)).build());
    builder.headTimeout(Duration.ofSeconds(1));
    assertThrows(IllegalArgumentException.class, () -> builder.idleTimeout(Duration.ZERO).build());
    builder.idleTimeout(Duration.ofSeconds(1));
    assertThrows(
        IllegalArgumentException.class, () -> builder.totalTimeout(Duration.ofNanos(-1)).build());
  }
}
