package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
  @Test
  void shouldTakeWhatTheBuilderSays() {
    HttpLimits limits =
        HttpLimits.builder()
            .head(9_000, 100, 3)
            .chunked(40, 50)
            .bodyBytes(1)
            .discardBytes(2)
            .linger(3, Duration.ofSeconds(4))
            .idleTimeout(Duration.ofSeconds(5))
            .headTimeout(Duration.ofSeconds(6))
            .bodyTimeout(Duration.ofSeconds(7))
            .writeTimeout(Duration.ofSeconds(8))
            .build();

    assertEquals(9_000, limits.head().requestLineBytes());
    assertEquals(40, limits.head().trailerBytes());
    assertEquals(
        new HttpLimits(
            limits.head(),
            1,
            2,
            3,
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(6),
            Duration.ofSeconds(7),
            Duration.ofSeconds(8)),
        limits);
  }

  @Test
  void shouldHaveRoomForEveryHeadInTheSharedBuffer() {
    int head =
        HttpLimits.DEFAULT.head().requestLineBytes()
            + HttpLimits.DEFAULT.head().headerSectionBytes();

    assertTrue(head < 65_536);
  }

  @Test
  void shouldRefuseWhatIsNotPositive() {
    HttpLimits.Builder builder = HttpLimits.builder().idleTimeout(Duration.ZERO);

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);

    assertTrue(e.getMessage().contains("idleTimeout"));
    assertThrows(IllegalArgumentException.class, () -> HttpLimits.builder().bodyBytes(-1).build());
  }
}
