package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each way in which a script can fail is seen to fail, and what is right does not. */
class RunnerTest {
  private static final String ACCEPTED =
      """
      0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0 bind(3, ..., ...) = 0
      +0 listen(3, 1) = 0
      +0 < S 0:0(0) win 65535 <mss 1000>
      +0 > S. 0:0(0) ack 1 <mss 1460>
      +.1 < . 1:1(0) ack 1 win 65535
      +0 accept(3, ..., ...) = 4
      """;

  private static List<String> run(String rest) {
    return Runner.run(ScriptParser.parse("x.pkt", ACCEPTED + rest), true);
  }

  private static void fails(String rest, String message) {
    AssertionError error = assertThrows(AssertionError.class, () -> run(rest), rest);
    assertTrue(error.getMessage().contains(message), error::getMessage);
  }

  @Test
  void shouldRun() {
    assertEquals(
        List.of("true"),
        run(
            """
            +0 write(4, ..., 2000) = 2000
            +0 > P. 1:2001(2000) ack 1
            +0 %{ assert tcpi_state == TCP_ESTABLISHED and tcpi_unacked == 2, tcpi_unacked }%
            +.01 `true`
            +0 < . 1:1(0) ack 2001 win 65535
            """));
  }

  @Test
  void shouldCompareEveryPartOfASegment() {
    fails("+0 write(4, ..., 5) = 5\n+0 > . 1:6(5) ack 1", "x.pkt:9: > . 1:6(5) ack 1: sent at 0.1");
    fails("+0 write(4, ..., 5) = 5\n+0 > . 1:6(5) ack 1", "(flags)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 2:7(5) ack 1", "(sequence number)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 1:7(6) ack 1", "(length)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 2", "(acknowledgment)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 1 win 7", "(window)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 1 urg 7", "(urgent pointer)");
    fails("+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 1 <nop>", "(options)");
    fails("+0 write(4, ..., 5) = 5\n+0 > [ce] P. 1:6(5) ack 1", "(ECN bits)");
    run("+0 write(4, ..., 5) = 5\n+0 > [noecn] P. 1:6(5) ack 1 win 65535 <...>");
  }

  @Test
  void shouldWaitForASegment_asLongAsItMayTake() {
    fails("+0 > . 1:1(0) ack 1", "nothing was sent until 0.104000 s, expected at 0.100000 s");
    fails("* > . 1:1(0) ack 1", "nothing was sent until 600.1");
    fails(
        "+0 write(4, ..., 5) = 5\n+.1 > P. 1:6(5) ack 1",
        "sent at 0.100000 s, expected at 0.200000 s ±0.004000 s");
    run("+0 write(4, ..., 5) = 5\n+0~+.1 > P. 1:6(5) ack 1");
    run("+0 write(4, ..., 5) = 5\n* > P. 1:6(5) ack 1");
  }

  @Test
  void shouldCountTimeFromWhatCameBefore_orFromTheStart() {
    run("+0 write(4, ..., 5) = 5\n0.100 > P. 1:6(5) ack 1\n+0.1 < . 1:1(0) ack 6");
    fails("+0 write(4, ..., 5) = 5\n0.090 > P. 1:6(5) ack 1", "sent at 0.100000 s, expected at");
  }

  @Test
  void shouldNoteWhatIsLeft() {
    fails("+0 write(4, ..., 5) = 5", "at the end there is [noecn] P. 1:6(5) ack 1");
  }

  @Test
  void shouldCompareWhatCallsAnswer() {
    fails("+0 write(4, ..., 5) = 6\n+0 > P. 1:6(5) ack 1", "write(4, ..., 5) = 6: it answered 5");
    fails("+0 close(7) = 0", "it answered -1 EBADF");
    fails("+0 read(4, ..., 5) = 0", "it would wait");
    fails("+0 recv(4, ..., 5, MSG_DONTWAIT) = 0", "it answered -1 EAGAIN");
    fails("+0 ioctl(4, SIOCINQ, [5]) = 0", "ioctl is 0");
    fails("+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [1], [4]) = 0", "TCP_NODELAY is 0");
    fails("+0 poll([{fd=4, events=POLLOUT, revents=POLLIN}], 1, 0) = 1", "revents are 0x4");
    run("+0 poll([{fd=4, events=POLLOUT, revents=POLLOUT}], 1, 0) = 1");
    run("+0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0");
    run("+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 read(4, ..., 5) = -1 EAGAIN");
  }

  @Test
  void shouldLetCallsWait() {
    run("+0...0.05 read(4, ..., 5) = 5\n+.05 < P. 1:6(5) ack 1\n* > . 1:1(0) ack 6");
    fails(
        "+0...0.01 read(4, ..., 5) = 5\n+.05 < P. 1:6(5) ack 1\n* > . 1:1(0) ack 6",
        "it returned at 0.150000 s, expected at 0.110000 s");
    fails("+0...0.01 read(4, ..., 5) = 5", "it has not returned");
  }

  @Test
  void shouldCheckAssertions() {
    fails("+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%", "[tcpi_snd_cwnd == 11]");
  }

  @Test
  void shouldSayWhatThereIsNot() {
    assertThrows(ScriptError.class, () -> run("+0 epoll_ctl(4) = 0"));
    assertThrows(ScriptError.class, () -> run("+0 epoll_create(1) = 5"));
    assertThrows(ScriptError.class, () -> run("+0 %{ assert tcpi_magic == 1 }%"));
    assertThrows(ScriptError.class, () -> run("+0 write(4, 5, 6) = 6"));
  }
}
