package io.tunstack.http;

import io.tunstack.net.TcpError;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A socket whose peer is the test: it sends bytes in pieces, takes what was written when it likes,
 * and remembers everything. It keeps TcpSocket's contract: readable is told once per arrival,
 * writable only after a refusal and below half.
 */
public final class FakeSocket implements TcpSocket {
  private static final FourTuple TUPLE =
      new FourTuple(IpAddress.parse("10.77.0.2"), 80, IpAddress.parse("10.77.0.1"), 40_000);

  /** What is filled at once, at most. */
  private static final int SLAB = 5_000;

  TcpHandler handler;

  private ConnectionOptions options = ConnectionOptions.of(TcpConfig.DEFAULT);

  private final ArrayDeque<ByteBuffer> incoming = new ArrayDeque<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final int sendBuffer;

  /** Bytes in the send buffer that the peer has not taken. */
  private int queued;

  /** Whether the peer takes everything at once. */
  boolean peerReads = true;

  private boolean refused;
  private boolean peerFinished;
  private boolean endRead;
  private boolean outputShut;
  private boolean closeCalled;
  private boolean aborted;
  private boolean ended;
  int writes;

  FakeSocket(int sendBuffer) {
    this.sendBuffer = sendBuffer;
  }

  // ---- what the peer does ------------------------------------------------------------------

  void deliver(byte[] bytes) {
    if (bytes.length > 0 && !ended) {
      incoming.add(ByteBuffer.wrap(bytes));
      tellReadable();
    }
  }

  public void deliver(String text) {
    deliver(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void peerFin() {
    peerFinished = true;
    tellReadable();
  }

  void peerReset() {
    end(CloseReason.RESET);
  }

  /** The peer takes up to so many bytes of what waits for it. */
  void peerTakes(int bytes) {
    queued -= Math.min(bytes, queued);
    drained();
    settle();
  }

  private void tellReadable() {
    if (!closeCalled && !ended) {
      handler.onReadable(this);
      settle();
    }
  }

  private void drained() {
    while (refused && queued <= sendBuffer / 2 && !outputShut && !ended) {
      refused = false;
      handler.onWritable(this);
      if (peerReads) {
        queued = 0;
      }
    }
  }

  /** What happens between callbacks: an eager peer reads; a connection that is over ends. */
  void settle() {
    if (peerReads && !ended) {
      queued = 0;
      drained();
    }
    if (aborted) {
      end(CloseReason.ABORTED);
    } else if (outputShut && peerFinished && queued == 0 && (endRead || closeCalled)) {
      end(CloseReason.FINISHED);
    }
  }

  private void end(CloseReason reason) {
    if (!ended) {
      ended = true;
      handler.onClosed(this, reason);
    }
  }

  // ---- what the peer sees ------------------------------------------------------------------

  public String output() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  void forgetOutput() {
    received.reset();
  }

  public byte[] outputBytes() {
    return received.toByteArray();
  }

  public boolean finSent() {
    return outputShut;
  }

  public boolean wasAborted() {
    return aborted;
  }

  boolean wasClosed() {
    return closeCalled;
  }

  // ---- TcpSocket ---------------------------------------------------------------------------

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(TUPLE.local().toInetAddress(), TUPLE.localPort());
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return new InetSocketAddress(TUPLE.remote().toInetAddress(), TUPLE.remotePort());
  }

  @Override
  public int read(ByteBuffer target) {
    if (ended || closeCalled) {
      return -1;
    }
    int count = 0;
    while (target.hasRemaining() && !incoming.isEmpty()) {
      ByteBuffer first = incoming.peek();
      int chunk = Math.min(target.remaining(), first.remaining());
      target.put(target.position(), first, first.position(), chunk);
      target.position(target.position() + chunk);
      first.position(first.position() + chunk);
      count += chunk;
      if (!first.hasRemaining()) {
        incoming.poll();
      }
    }
    if (count == 0 && incoming.isEmpty() && peerFinished) {
      endRead = true;
      return -1;
    }
    return count;
  }

  @Override
  public int take(Consumer<ByteBuffer> taker) {
    ByteBuffer first = incoming.peek();
    if (ended || closeCalled || first == null) {
      return read(ByteBuffer.allocate(0));
    }
    ByteBuffer view = first.duplicate();
    taker.accept(view);
    int count = view.position() - first.position();
    first.position(view.position());
    if (!first.hasRemaining()) {
      incoming.remove(first);
    }
    return count;
  }

  @Override
  public int fill(int limit, Consumer<ByteBuffer> maker) {
    int room = Math.min(Math.min(limit, SLAB), writable());
    if (room == 0) {
      refused = true;
      return -1;
    }
    ByteBuffer slab = ByteBuffer.allocate(room);
    maker.accept(slab);
    return write(slab.flip());
  }

  @Override
  public int available() {
    return incoming.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  @Override
  public int write(ByteBuffer source) {
    if (outputShut || ended || closeCalled) {
      throw new IllegalStateException("written after the end");
    }
    writes++;
    int count = Math.min(source.remaining(), sendBuffer - queued);
    for (int i = 0; i < count; i++) {
      received.write(source.get());
    }
    queued += count;
    refused |= source.hasRemaining();
    return count;
  }

  @Override
  public int writable() {
    return outputShut || ended || closeCalled ? 0 : sendBuffer - queued;
  }

  @Override
  public void shutdownOutput() {
    outputShut = true;
  }

  @Override
  public void close() {
    outputShut = true;
    closeCalled = true;
  }

  @Override
  public void abort() {
    aborted = true;
    closeCalled = true;
    outputShut = true;
  }

  @Override
  public boolean isOpen() {
    return !ended && !aborted;
  }

  @Override
  public TcpInfo info() {
    return new TcpInfo(
        TUPLE,
        TcpState.ESTABLISHED,
        200_000_000,
        1_500_000,
        250_000,
        14_600,
        Integer.MAX_VALUE,
        65_535,
        65_535,
        queued,
        0,
        available(),
        0,
        0,
        3,
        1_460,
        1_500,
        true,
        7,
        7,
        true,
        false,
        "newreno",
        "open",
        false);
  }

  @Override
  public ConnectionOptions options() {
    return options;
  }

  @Override
  public void setOptions(ConnectionOptions wanted) {
    // Kept, and without effect: this peer sends no segments, and always acknowledges.
    options = wanted;
  }

  @Override
  public int peek(ByteBuffer target) {
    throw new UnsupportedOperationException("HTTP does not peek");
  }

  @Override
  public int unsent() {
    return 0;
  }

  @Override
  public int unacknowledged() {
    return queued;
  }

  @Override
  public int readiness() {
    throw new UnsupportedOperationException("HTTP waits for callbacks");
  }

  @Override
  public Optional<TcpError> lastError() {
    return Optional.empty();
  }
}
