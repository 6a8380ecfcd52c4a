package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConnectionOptionsTest {
  private static final ConnectionOptions DEFAULT = ConnectionOptions.of(TcpConfig.DEFAULT);

  private static void refuse(String word, Executable change) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, change);
    assertTrue(thrown.getMessage().contains(word), thrown.getMessage());
  }

  @Test
  void shouldStartFromTheStacksKnobs() {
    TcpConfig config =
        TcpConfig.builder()
            .sendBufferBytes(5000)
            .receiveBufferBytes(6000)
            .userTimeout(Duration.ofSeconds(101))
            .build();
    ConnectionOptions options = ConnectionOptions.of(config);
    assertEquals(5000, options.sendBufferBytes());
    assertEquals(6000, options.receiveBufferBytes());
    assertEquals(Duration.ofSeconds(101), options.userTimeout());
    assertEquals(CongestionControls.DEFAULT, options.congestionControl());
  }

  @Test
  void shouldChangeOneThingAtATime() {
    ConnectionOptions all =
        DEFAULT
            .withNoDelay(true)
            .withMaxSegment(900)
            .withKeepAlive(Optional.of(KeepAlive.DEFAULT))
            .withUserTimeout(Duration.ofSeconds(9))
            .withLinger(Optional.of(Duration.ofSeconds(8)))
            .withBuffers(7000, 6000)
            .withCongestionControl("NEWRENO")
            .withDscp(5);
    assertEquals(
        new ConnectionOptions(
            true,
            900,
            Optional.of(KeepAlive.DEFAULT),
            Duration.ofSeconds(9),
            Optional.of(Duration.ofSeconds(8)),
            7000,
            6000,
            "newreno",
            5),
        all);
  }

  @Test
  void shouldSayWhatIsOutOfRange() {
    refuse("64", () -> DEFAULT.withMaxSegment(63));
    refuse("65495", () -> DEFAULT.withMaxSegment(65_496));
    refuse("time-out", () -> DEFAULT.withUserTimeout(Duration.ZERO));
    refuse("linger", () -> DEFAULT.withLinger(Optional.of(Duration.ofNanos(-1))));
    refuse("sendBufferBytes", () -> DEFAULT.withBuffers(1279, 65_536));
    refuse("receiveBufferBytes", () -> DEFAULT.withBuffers(65_536, 1279));
    refuse("newreno", () -> DEFAULT.withCongestionControl("tahoe"));
    refuse("DSCP", () -> DEFAULT.withDscp(64));
    refuse("DSCP", () -> DEFAULT.withDscp(-1));
  }
}
