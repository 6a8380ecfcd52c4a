package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.stats.Counter;
import io.tunstack.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkListsTest {
  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost host = simulation.host("10.0.0.1/24").start();
  private final Tcp tcp = host.stack().tcp();
  private final WorkLists work = new WorkLists(tcp);
  private final List<Integer> told = new ArrayList<>();

  @AfterEach
  void close() {
    simulation.close();
  }

  private TcpConnection connect(int port, Runnable then) {
    ConnectionHandler handler =
        new SilentHandler() {
          @Override
          public void onUrgent(TcpConnection c) {
            told.add((int) c.localPort);
            then.run();
          }
        };
    IpAddress remote = IpAddress.parse("10.0.0.2");
    TcpConnection c =
        tcp.connect(IpAddress.UNSPECIFIED, port, remote, 80, tcp.defaultOptions(), handler);
    tcp.flushOutput(0, 100);
    return c;
  }

  private void makeReady(TcpConnection c) {
    c.becomeReady(TcpConnection.READY_URGENT);
    c.onReadyList = false;
    work.addReady(c);
  }

  @Test
  void shouldTellEachOnce_inTheOrderOfTheirNews() {
    TcpConnection first = connect(5001, () -> {});
    TcpConnection second = connect(5002, () -> {});
    makeReady(second);
    makeReady(first);
    work.addReady(second);
    assertTrue(work.hasReady());
    assertTrue(work.runCallbacks());
    assertEquals(List.of(5002, 5001), told);
    assertFalse(work.hasReady());
    assertFalse(work.runCallbacks());
  }

  @Test
  void shouldStop_whenOneHasNewsForEver() {
    TcpConnection[] restless = new TcpConnection[1];
    restless[0] = connect(5001, () -> makeReady(restless[0]));
    makeReady(restless[0]);
    work.runCallbacks();
    assertEquals(10_000, told.size());
    assertTrue(work.hasReady(), "it goes on after output had its turn");
  }

  @Test
  void shouldResetWhoseHandlerThrows_andNobodyElse() {
    TcpConnection bad =
        connect(
            5001,
            () -> {
              throw new IllegalStateException("as planned");
            });
    TcpConnection good = connect(5002, () -> {});
    makeReady(bad);
    makeReady(good);
    work.runCallbacks();
    assertEquals(List.of(5001, 5002), told);
    assertFalse(bad.isOpen());
    assertTrue(good.isOpen());
    assertEquals(1, host.stack().counters().get(Counter.TCP_ABORT_ON_CALLBACK));
  }

  @Test
  void shouldKeepThePlaceOfThoseWhoseTurnDidNotCome() {
    TcpConnection first = connect(5001, () -> {});
    first.onOwingList = false;
    work.addOwing(first);
    work.addOwing(first);
    assertFalse(work.flush(0, 0));
    assertTrue(first.onOwingList);
    assertTrue(work.flush(0, 1));
    assertFalse(first.onOwingList);
  }
}
