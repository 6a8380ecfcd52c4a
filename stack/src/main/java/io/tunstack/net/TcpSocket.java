package io.tunstack.net;

import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.KeepAlive;
import io.tunstack.tcp.TcpInfo;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A non-blocking TCP connection, on the engine thread.
 *
 * <p>The life of one: {@link Sockets#connect} makes it and {@link TcpHandler#onConnected} tells
 * that it stands, or a {@link TcpListener} accepts it. Then {@link #read} and {@link #write} move
 * bytes, as many as are there or fit; {@link TcpHandler#onReadable} and {@link
 * TcpHandler#onWritable} say when to come again. {@link #shutdownOutput} sends a FIN behind what
 * was written; {@link #close} does so and gives up reading too; {@link #abort} sends a RST. Last of
 * all, once, {@link TcpHandler#onClosed}.
 *
 * <p>Back-pressure is TCP's own: what is not read stays in the receive buffer until the window
 * closes and the peer stops; what does not fit the send buffer is not accepted.
 *
 * <p>Every method belongs to the engine thread. None blocks. After {@code onClosed} reads answer -1
 * and writes throw {@link IllegalStateException}.
 */
public interface TcpSocket {
  /**
   * Returns our end.
   *
   * @return address and port
   */
  InetSocketAddress localAddress();

  /**
   * Returns the peer's end.
   *
   * @return address and port
   */
  InetSocketAddress remoteAddress();

  /**
   * Takes received bytes.
   *
   * @param target filled as far as there are bytes; may be heap or direct
   * @return bytes copied; 0 if none wait now (or {@code target} has no room); -1 after the peer's
   *     FIN, when everything before it has been read, and after the connection ended
   */
  int read(ByteBuffer target);

  /**
   * Shows received bytes where they lie, which spares copying them.
   *
   * @param taker is shown bytes that lie together, if there are any, and moves the position over
   *     those that it takes; the others are shown again. The buffer is lent until it returns
   * @return bytes taken; 0 if none wait now or it took none; -1 as {@link #read} does
   */
  int take(Consumer<ByteBuffer> taker);

  /**
   * Gives room in the send buffer, for bytes that are made there and need not be copied.
   *
   * @param limit bytes at most, above 0
   * @param maker is given room that lies together, if there is any, and moves the position behind
   *     what it puts there. The buffer is lent until it returns
   * @return bytes queued; 0 if it put nothing; -1 if there is no room: {@link
   *     TcpHandler#onWritable} follows when there is
   * @throws IllegalStateException as {@link #write} does
   */
  int fill(int limit, Consumer<ByteBuffer> maker);

  /**
   * Copies received bytes without taking them: a later {@link #read} gives them again, and the
   * window stays as it is.
   *
   * @param target filled as far as there are bytes
   * @return what {@link #read} would answer
   */
  int peek(ByteBuffer target);

  /**
   * Tells how many bytes {@link #read} would give now.
   *
   * @return bytes
   */
  int available();

  /**
   * Tells how far urgent data goes (RFC 9293 §3.8.5); new protocols do not use it (RFC 6093).
   *
   * @return bytes left to read up to its end; 0 if there is none
   */
  default int urgentRemaining() {
    return 0;
  }

  /**
   * Queues bytes to send.
   *
   * @param source drained as far as the send buffer has room; free for reuse on return
   * @return bytes accepted, 0 if the buffer is full: {@link TcpHandler#onWritable} follows when it
   *     has drained below its low-water mark
   * @throws IllegalStateException after {@link #shutdownOutput}, {@link #close} or the end
   */
  int write(ByteBuffer source);

  /**
   * Queues bytes to send and leaves them where they are: what {@link #write} copies, this sends
   * from the application's own memory, as often as it takes. Worth it from some 64 KiB on; what is
   * small, or not direct, is copied all the same.
   *
   * @param source a direct buffer, drained as far as the send buffer has room. What was taken
   *     belongs to the socket until the peer has acknowledged it, as {@link #unsent}, {@link
   *     #unacknowledged} and {@link TcpHandler#onFlushed} tell, or the connection has ended: nobody
   *     may write to it, or free its memory, before
   * @return bytes accepted, as by {@link #write}
   * @throws IllegalStateException as {@link #write} does
   */
  default int lend(ByteBuffer source) {
    return write(source);
  }

  /**
   * Tells how much {@link #write} would accept now.
   *
   * @return bytes, 0 when nothing may be written any more
   */
  int writable();

  /**
   * Tells how many bytes were accepted and have not been sent, for want of window or for Nagle's
   * algorithm.
   *
   * @return bytes; 0 after the end
   */
  int unsent();

  /**
   * Tells how many bytes were sent and have not been acknowledged. What {@link #write} has accepted
   * is acknowledged, unacknowledged or unsent.
   *
   * @return bytes; 0 after the end
   */
  int unacknowledged();

  /**
   * Tells what the socket is ready for: what {@link #read} and {@link #write} would do if they were
   * called now.
   *
   * @return bits of {@link Readiness}
   */
  int readiness();

  /**
   * Tells what went wrong last: how the connection ended, or, while it stands, what ICMP has said
   * about its path (RFC 9293 MUST-47).
   *
   * @return empty if nothing did
   */
  Optional<TcpError> lastError();

  /** Sends a FIN behind everything written. Reading goes on. A second call does nothing. */
  void shutdownOutput();

  /**
   * Closes both directions: a FIN behind everything written. If received bytes are unread, or come
   * later, the peer gets a RST (RFC 9293 §3.6.1). With {@link ConnectionOptions#linger} it gets one
   * at once or when that time is over. The handler is still told {@code onClosed}.
   */
  void close();

  /** Drops the connection at once with a RST; queued bytes are lost. */
  void abort();

  /**
   * Tells whether the connection still stands in either direction.
   *
   * @return false once {@link TcpHandler#onClosed} has been or is about to be called
   */
  boolean isOpen();

  /**
   * Takes a snapshot.
   *
   * @return the connection's numbers now
   */
  TcpInfo info();

  /**
   * Returns the options.
   *
   * @return what was chosen, or what the listener or the stack had
   */
  ConnectionOptions options();

  /**
   * Changes the options; those that differ take effect now.
   *
   * <p>{@code socket.setOptions(socket.options().withNoDelay(true))}
   *
   * @param options all of them
   */
  void setOptions(ConnectionOptions options);

  /**
   * Switches Nagle's algorithm (RFC 9293 §3.7.4) off or on; it is on by default.
   *
   * @param noDelay true sends small segments at once
   */
  default void setNoDelay(boolean noDelay) {
    setOptions(options().withNoDelay(noDelay));
  }

  /**
   * Switches keep-alive on or off; it is off by default (RFC 9293 §3.8.4).
   *
   * @param settings null switches it off
   */
  default void setKeepAlive(KeepAlive settings) {
    setOptions(options().withKeepAlive(Optional.ofNullable(settings)));
  }

  /**
   * Limits how long sent data may stay unacknowledged before the connection is given up.
   *
   * @param timeout above zero
   * @throws IllegalArgumentException if it is not
   */
  default void setUserTimeout(Duration timeout) {
    setOptions(options().withUserTimeout(timeout));
  }

  /**
   * Chooses the differentiated-services code point of what is sent from now on.
   *
   * @param dscp 0 to 63
   * @throws IllegalArgumentException if it is not
   */
  default void setDscp(int dscp) {
    setOptions(options().withDscp(dscp));
  }
}
