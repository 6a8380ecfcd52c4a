package io.tunstack.tools;

import io.tunstack.http.client.ClientLimits;
import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpCall;
import io.tunstack.http.client.HttpClient;
import io.tunstack.http.client.HttpFailure;
import io.tunstack.http.client.ResponseHandler;
import io.tunstack.http.wire.ResponseHead;
import io.tunstack.net.Sockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One request on the stack's thread, whose response another thread takes, as slowly as it likes.
 *
 * <pre>
 *   engine thread                                  the command's thread
 *   HttpClient --onHead, onData--&gt; queue of events --next()--&gt; files, terminals, pipes
 *      ^                                              |
 *      +------------- resume, below half a limit -----+
 * </pre>
 */
final class Fetch implements Daemon.Application, ResponseHandler {
  /** Bytes on their way to the command's thread; beyond that TCP's window closes. */
  static final int MAX_WAITING_BYTES = 1 << 20;

  private final InetSocketAddress remote;
  private final ClientRequest request;
  private final ClientLimits limits;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger();

  /** The engine stopped reading because too much was waiting. */
  private volatile boolean paused;

  /** Engine thread only, as is the client. */
  private HttpCall call;

  private HttpClient client;

  Fetch(InetSocketAddress remote, ClientRequest request, ClientLimits limits) {
    this.remote = remote;
    this.request = request;
    this.limits = limits;
  }

  /** What happens, in the order in which it does. */
  sealed interface Event {
    /** The handshake is complete. */
    record Connected(InetSocketAddress local) implements Event {}

    /** A head came: one of an interim response, or the last. */
    record Head(ResponseHead head) implements Event {}

    /** Bytes of the body. */
    record Data(ByteBuffer bytes) implements Event {}

    /** The response is complete. */
    record End() implements Event {}

    /** There will be no complete response. */
    record Failed(HttpFailure failure) implements Event {}
  }

  // ---- the command's thread ----------------------------------------------------------------

  /** Waits for what comes next; after {@code End} and {@code Failed} nothing does. */
  Event next() throws InterruptedException {
    return events.take();
  }

  /** The bytes of an event have gone where they belong. */
  void taken(Event.Data data, Daemon daemon) {
    int left = waitingBytes.addAndGet(-data.bytes().capacity());
    if (paused && left <= MAX_WAITING_BYTES / 2) {
      paused = false;
      daemon.execute(() -> call.resume());
    }
  }

  // ---- the engine thread -------------------------------------------------------------------

  @Override
  public void start(Sockets sockets) {
    client = HttpClient.to(sockets, remote, limits);
    try {
      call = client.send(request, this);
    } catch (IllegalArgumentException e) {
      events.add(new Event.Failed(new HttpFailure(HttpFailure.Kind.UNREACHABLE, e.getMessage())));
    }
  }

  @Override
  public void drain() {
    if (call != null) {
      call.cancel();
    }
    client.closeIdle();
  }

  @Override
  public void onConnected(InetSocketAddress local, InetSocketAddress ignored, boolean reused) {
    events.add(new Event.Connected(local));
  }

  @Override
  public void onInterim(ResponseHead head) {
    events.add(new Event.Head(head));
  }

  @Override
  public void onHead(ResponseHead head) {
    events.add(new Event.Head(head));
  }

  @Override
  public void onData(ByteBuffer data) {
    while (waitingBytes.get() >= MAX_WAITING_BYTES) {
      paused = true;
      // The other thread may have taken bytes before it could see the flag: then it will not ask.
      if (waitingBytes.get() > MAX_WAITING_BYTES / 2) {
        return;
      }
      paused = false;
    }
    ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
    waitingBytes.addAndGet(copy.capacity());
    events.add(new Event.Data(copy));
  }

  @Override
  public void onEnd() {
    // The FIN goes out at once, while the other thread still writes.
    client.closeIdle();
    events.add(new Event.End());
  }

  @Override
  public void onFailure(HttpFailure failure) {
    events.add(new Event.Failed(failure));
  }
}
