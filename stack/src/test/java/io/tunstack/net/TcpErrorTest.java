package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tunstack.tcp.CloseReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TcpErrorTest {
  private static void expect(
      Class<? extends IOException> type, String message, CloseReason reason, boolean connected) {
    IOException thrown = TcpError.of(reason, connected).orElseThrow().toException();
    assertSame(type, thrown.getClass());
    assertEquals(message, thrown.getMessage());
  }

  @Test
  void shouldBeWhatTheJdkThrows() {
    expect(ConnectException.class, "Connection refused", CloseReason.REFUSED, false);
    expect(ConnectException.class, "Connection timed out", CloseReason.TIMED_OUT, false);
    expect(SocketTimeoutException.class, "Connection timed out", CloseReason.TIMED_OUT, true);
    expect(SocketException.class, "Connection reset", CloseReason.RESET, true);
    expect(NoRouteToHostException.class, "No route to host", CloseReason.UNREACHABLE, false);
    expect(SocketException.class, "Connection aborted", CloseReason.ABORTED, true);
  }

  @Test
  void shouldBeNothing_afterAnOrderlyEnd() {
    assertEquals(Optional.empty(), TcpError.of(CloseReason.FINISHED, true));
  }
}
