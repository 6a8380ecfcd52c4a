package io.tunstack.fuzz;

import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.TcpView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * {@code Stack.receive} in every state, for a fuzzer: Jazzer calls {@link #fuzzerTestOneInput}.
 *
 * <p>The first octet chooses what is negotiated, how large the buffers and the segments are and how
 * the application reads and writes, the second the state to begin in; each of those that follow
 * begins a packet, a call of the application or a wait. When the connection has ended, the next
 * octet chooses the state to begin the next in.
 */
public final class ReceiveFuzzTarget {
  private static final int MAX_OPERATIONS = 100;
  private static final int FIRST_OTHER = 0xd0;
  private static final long MILLISECOND = 1_000_000;
  private static final int SMALL_BUFFER = 4_096;

  /**
   * What is above begins in {@link TcpState#CLOSING}, besides its place among the others: a
   * connection leaves it with the first acknowledgment that takes its FIN in, so that a tenth of
   * the beginnings would give it less than a hundredth of the packets.
   */
  private static final int FIRST_CLOSING = 0xd8;

  /** Each begins as many inputs as it has places here. */
  private static final TcpState[] BEGINNINGS = {
    TcpState.LISTEN,
    TcpState.SYN_SENT,
    TcpState.SYN_RECEIVED,
    TcpState.ESTABLISHED,
    TcpState.FIN_WAIT_1,
    TcpState.FIN_WAIT_2,
    TcpState.CLOSE_WAIT,
    TcpState.CLOSING,
    TcpState.LAST_ACK,
    TcpState.TIME_WAIT
  };

  private static final FuzzedStack.Reading[] READINGS = FuzzedStack.Reading.values();

  private static FuzzStatistics statistics = new FuzzStatistics();

  private ReceiveFuzzTarget() {}

  /** Begins to count anew; what was counted is left to whoever has it. */
  static FuzzStatistics restart() {
    statistics = new FuzzStatistics();
    return statistics;
  }

  /** Runs every file of the directories named, without a fuzzer. */
  public static void main(String[] args) throws IOException {
    for (String directory : args) {
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        for (Path file : files.sorted().toList()) {
          fuzzerTestOneInput(Files.readAllBytes(file));
        }
      }
    }
    fuzzerTearDown();
  }

  /** Jazzer calls this at the end. */
  public static void fuzzerTearDown() {
    System.out.println(statistics);
  }

  /**
   * Runs one input.
   *
   * @param data any bytes
   */
  public static void fuzzerTestOneInput(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    statistics.input();
    int settings = input.octet();
    boolean timestamps = (settings & 1) != 0;
    boolean everything = (settings & 2) != 0;
    int buffer = (settings & 4) != 0 ? SMALL_BUFFER : 1 << 17;
    TcpConfig config =
        TcpConfig.DEFAULT
            .withBuffers(buffer, buffer)
            .withExtensions(timestamps, everything, everything);
    boolean merged = (settings & 8) != 0;
    FuzzedStack.Manner manner =
        new FuzzedStack.Manner(READINGS[settings >> 4 & 3], (settings & 64) != 0);
    try (FuzzedStack stack = new FuzzedStack(config, manner)) {
      stack.listen();
      run(input, stack, new FuzzedPeer(stack, timestamps, merged), everything);
    }
  }

  /** Begins a connection and brings it into a state. */
  private static void bringTo(
      TcpState state, FuzzedStack stack, FuzzedPeer peer, boolean everything) {
    stack.stack().tcp().observe(null);
    stack.forget();
    begin(state, stack, peer, everything);
    FuzzedStack.require(
        state == TcpState.LISTEN || stack.state() == state,
        "began in " + stack.state() + ", not " + state);
    stack.stack().tcp().observe(statistics);
  }

  private static void begin(
      TcpState state, FuzzedStack stack, FuzzedPeer peer, boolean everything) {
    if (state == TcpState.LISTEN) {
      return;
    }
    if (state == TcpState.SYN_SENT) {
      stack.connect();
      return;
    }
    peer.send(TcpView.SYN, FuzzedPeer.ISN, 0, 65_535, 0, peer.synOptions(everything));
    if (state == TcpState.SYN_RECEIVED) {
      return;
    }
    peer.sendNext(TcpView.ACK, 0);
    switch (state) {
      case FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT -> {
        stack.app().socket.shutdownOutput();
        stack.poll();
      }
      case CLOSE_WAIT, LAST_ACK -> peer.sendNext(TcpView.ACK | TcpView.FIN, 0);
      default -> {
        // Established.
      }
    }
    switch (state) {
      case FIN_WAIT_2 -> peer.sendNext(TcpView.ACK, 0);
      case TIME_WAIT -> peer.sendNext(TcpView.ACK | TcpView.FIN, 0);
      case CLOSING ->
          peer.send(
              TcpView.ACK | TcpView.FIN,
              stack.rcvNxt,
              stack.sndNxt - 1,
              65_535,
              0,
              peer.plainOptions());
      case LAST_ACK -> {
        stack.app().socket.shutdownOutput();
        stack.poll();
      }
      default -> {
        // It is there already.
      }
    }
  }

  private static void run(FuzzInput input, FuzzedStack stack, FuzzedPeer peer, boolean everything) {
    boolean over = true;
    for (int i = 0; i < MAX_OPERATIONS && !input.isEmpty(); i++) {
      int choice = input.octet();
      if (over) {
        TcpState beginning =
            choice >= FIRST_CLOSING ? TcpState.CLOSING : BEGINNINGS[choice % BEGINNINGS.length];
        bringTo(beginning, stack, peer, everything);
        over = false;
        continue;
      }
      boolean listening = stack.state() == TcpState.CLOSED;
      if (choice < FIRST_OTHER) {
        statistics.packet();
        peer.send(input);
      } else {
        call(choice, input, stack);
      }
      over = !listening && stack.state() == TcpState.CLOSED;
    }
  }

  private static void call(int choice, FuzzInput input, FuzzedStack stack) {
    FuzzedStack.App app = stack.app();
    if (choice >= 0xf0 || !app.isOpen()) {
      stack.advance((1L << (input.octet() & 15)) * MILLISECOND);
      return;
    }
    switch (choice & 7) {
      case 0, 1 -> app.write(input.word());
      case 2, 3 -> app.readAll();
      case 4 -> app.socket.shutdownOutput();
      case 5 -> app.socket.setNoDelay((input.octet() & 1) != 0);
      case 6 -> {
        if (input.octet() < 16) {
          app.socket.close();
        }
      }
      default -> stack.advance((input.octet() & 63) * MILLISECOND);
    }
    stack.poll();
  }
}
