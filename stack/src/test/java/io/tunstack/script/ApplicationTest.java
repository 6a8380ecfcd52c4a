package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The application: in the wrong order, from within its own callbacks, and when it fails. */
class ApplicationTest {
  @Test
  void shouldRefuseToWrite_afterShutdownCloseAndEnd() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      assertThrows(IllegalStateException.class, () -> s.write(1));
      assertEquals(0, s.app.socket.writable());
      s.closeSocket();
      assertThrows(IllegalStateException.class, () -> s.write(1));
      s.abortSocket();
      assertThrows(IllegalStateException.class, () -> s.write(1));
      s.expect("F. 1:1(0) ack 1");
    }
  }

  @Test
  void shouldSendOneFin_howeverOftenItIsClosed() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.closeOutput();
      s.closeSocket();
      s.closeSocket();
      s.expect("F. 1:1(0) ack 1");
      s.expectNothing();
      s.expectState(TcpState.FIN_WAIT_1);
      assertTrue(s.app.socket.isOpen());
    }
  }

  @Test
  void shouldSendOneRst_howeverOftenItIsAborted() {
    try (TcpScript s = TcpScript.established()) {
      s.abortSocket();
      s.abortSocket();
      s.closeSocket();
      s.expect("R. 1:1(0) ack 1");
      s.expectNothing();
      assertEquals(List.of("connected", "closed"), s.app.events);
      assertFalse(s.app.socket.isOpen());
    }
  }

  @Test
  void shouldReadMinusOne_afterCloseAndAfterTheEnd() {
    try (TcpScript s = TcpScript.established()) {
      s.closeSocket();
      assertEquals(-1, s.app.socket.read(ByteBuffer.allocate(10)));
      s.abortSocket();
      assertEquals(-1, s.app.socket.read(ByteBuffer.allocate(10)));
      assertEquals(0, s.app.socket.available());
    }
  }

  @Test
  void shouldReadTheEndAgainAndAgain() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:1(0) ack 1 win 65535");
      assertEquals(-1, s.app.socket.read(ByteBuffer.allocate(10)));
      assertEquals(-1, s.app.socket.read(ByteBuffer.allocate(0)));
      s.expectState(TcpState.CLOSE_WAIT);
    }
  }

  @Test
  void shouldLoseUnreadText_whenThePeerResets() {
    try (TcpScript s = TcpScript.established()) {
      s.app.readEagerly = false;
      s.inject("P. 1:101(100) ack 1 win 65535");
      assertEquals(100, s.app.socket.available());
      s.inject("R 101:101(0)");
      assertEquals(-1, s.app.socket.read(ByteBuffer.allocate(10)));
      assertEquals(0, s.stack.slabsInUse());
    }
  }

  @Test
  void shouldKeepUnreadText_whenTheConnectionHasEndedInOrder() {
    try (TcpScript s = TcpScript.established()) {
      s.app.readEagerly = false;
      s.inject("FP. 1:101(100) ack 1 win 65535");
      s.expect(". 1:1(0) ack 102");
      s.closeOutput();
      s.inject(". 102:102(0) ack 2 win 65535");
      s.expectState(TcpState.CLOSED);
      assertTrue(s.app.socket.isOpen());
      s.readAll();
      s.expectReceived(100);
      assertEquals(CloseReason.FINISHED, s.app.closed);
      assertEquals(0, s.stack.slabsInUse());
    }
  }

  @Test
  void shouldSendWhatWasWrittenBeforeTheConnectionStood() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.write(3000);
      s.closeOutput();
      s.expectNothing();
      s.expectState(TcpState.SYN_SENT);
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect(". 1:1461(1460) ack 1");
      s.expect(". 1461:2921(1460) ack 1");
      s.expect("FP. 2921:3001(80) ack 1");
      s.expectState(TcpState.FIN_WAIT_1);
    }
  }

  @Test
  void shouldSendAFin_whenOutputWasShutDownBeforeTheConnectionStood() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.closeOutput();
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect("F. 1:1(0) ack 1");
      s.expectState(TcpState.FIN_WAIT_1);
    }
  }

  @Test
  void shouldForgetAConnectionThatIsClosedInSynSent_andResetItsAnswer() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.closeSocket();
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      assertEquals(List.of("closed"), s.app.events);
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect("R 1:1(0)");
    }
  }

  @Test
  void shouldResetOnlyTheConnection_whoseHandlerThrows() {
    try (TcpScript s = TcpScript.established()) {
      s.app.does.put(
          "readable",
          socket -> {
            throw new IllegalStateException("meant to");
          });
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect("R. 1:1(0) ack 11");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.ABORTED, s.app.closed);
      assertEquals(1, s.counter(Counter.TCP_ABORT_ON_CALLBACK));
      assertEquals(1, s.counterOf(SendReason.RST_CALLBACK));
      s.app.does.clear();
      s.peerPort = 40001;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      assertEquals("S.", s.drain().get(0).flags());
    }
  }

  @Test
  void shouldReset_whenTheHandlerThrowsOnConnectedOrOnClosed() {
    try (TcpScript s = new TcpScript()) {
      s.app.does.put(
          "connected",
          socket -> {
            throw new AssertionError("meant to");
          });
      s.app.does.put(
          "closed",
          socket -> {
            throw new IllegalStateException("meant to");
          });
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect("R. 1:1(0) ack 11");
      assertEquals(2, s.counter(Counter.TCP_ABORT_ON_CALLBACK));
      assertEquals(List.of("connected", "closed"), s.app.events);
    }
  }

  @Test
  void shouldAllowEveryCall_fromWithinCallbacks() {
    try (TcpScript s = new TcpScript()) {
      s.app.does.put("connected", socket -> socket.write(ByteBuffer.allocate(10)));
      s.app.does.put(
          "readable",
          socket -> {
            socket.write(ByteBuffer.allocate(20));
            socket.setNoDelay(true);
            socket.close();
          });
      s.app.readEagerly = true;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expect("P. 1:11(10) ack 1");
      s.inject("P. 1:6(5) ack 11 win 65535");
      s.expect("R. 11:11(0) ack 6");
      assertEquals(1, s.counter(Counter.TCP_ABORT_ON_CLOSE));
    }
  }

  @Test
  void shouldSendDataAndFin_whenAResponseIsWrittenAndClosedInOneCallback() {
    try (TcpScript s = TcpScript.established()) {
      s.app.does.put(
          "readable",
          socket -> {
            ByteBuffer all = ByteBuffer.allocate(100);
            assertEquals(10, socket.read(all));
            socket.write(ByteBuffer.allocate(20));
            socket.close();
          });
      s.app.readEagerly = false;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect("FP. 1:21(20) ack 11");
      s.expectNothing();
      s.expectState(TcpState.FIN_WAIT_1);
    }
  }

  @Test
  void shouldAbortFromWithinACallback() {
    try (TcpScript s = TcpScript.established()) {
      s.app.does.put("readable", socket -> socket.abort());
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect("R. 1:1(0) ack 11");
      assertEquals(List.of("connected", "end", "closed"), s.app.events);
    }
  }

  @Test
  void shouldSayWritable_whenARefusedWriterHasHalfTheBufferAgain() {
    TcpConfig config = TcpConfig.DEFAULT.withBuffers(8000, 1 << 16);
    try (TcpScript s = TcpScript.established(config)) {
      s.write(10_000);
      assertEquals(8000, s.app.written);
      assertEquals(0, s.app.socket.writable());
      s.inject(". 1:1(0) ack 2921 win 65535");
      assertEquals(List.of("connected"), s.app.events);
      s.inject(". 1:1(0) ack 4381 win 65535");
      assertEquals(List.of("connected", "writable"), s.app.events);
      s.inject(". 1:1(0) ack 7301 win 65535");
      s.inject(". 1:1(0) ack 8001 win 65535");
      assertEquals(List.of("connected", "writable"), s.app.events);
      assertEquals(8000, s.app.socket.writable());
    }
  }

  @Test
  void shouldResetHalfOpenConnections_whenTheirListenerCloses() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.listener.close();
      s.settle();
      s.expect("R. 1:1(0) ack 1");
      s.expectState(TcpState.CLOSED);
      assertEquals(List.of(), s.app.events);
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expectReset(0, 1);
    }
  }

  @Test
  void shouldLetEstablishedConnectionsLive_whenTheirListenerCloses() {
    try (TcpScript s = TcpScript.established()) {
      s.listener.close();
      s.listener.close();
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldCloseEverythingInOrder_whenAskedToLeaveGracefully() {
    try (TcpScript s = TcpScript.established()) {
      s.stack.tcp().closeGracefully();
      s.settle();
      s.expect("F. 1:1(0) ack 1");
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
      assertEquals(0, s.stack.tcp().connectionCount());
      assertEquals(1, s.stack.tcp().timeWaitCount());
    }
  }

  @Test
  void shouldSayConnectedOnlyToThoseWhoStillListen_whenClosedDuringASimultaneousOpen() {
    try (TcpScript s = TcpScript.connecting()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expectState(TcpState.SYN_RECEIVED);
      s.closeSocket();
      s.drain();
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect("F. 1:1(0) ack 1");
      assertEquals(List.of(), s.app.events);
    }
  }

  @Test
  void shouldGiveBackUnreadText_whenTheStackCloses() {
    TcpScript s = TcpScript.established();
    s.app.readEagerly = false;
    s.inject("FP. 1:101(100) ack 1 win 65535");
    s.closeOutput();
    s.inject(". 102:102(0) ack 2 win 65535");
    s.expectState(TcpState.CLOSED);
    s.close();
    assertEquals(List.of("connected", "closed"), s.app.events);
  }
}
