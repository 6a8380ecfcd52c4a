package io.tunstack.http.client;

import io.tunstack.http.wire.ResponseHead;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Hears of a response as it arrives. All calls come on the engine thread. The last one is either
 * {@link #onEnd} or {@link #onFailure}, exactly once.
 *
 * <p>An exception that escapes ends the call with {@link HttpFailure.Kind#CANCELLED} and is logged.
 */
public interface ResponseHandler {
  /**
   * The request goes out on this connection: a new one whose handshake is complete, or one that is
   * used again. After a retry it comes once more.
   *
   * @param local our end
   * @param remote the server's end
   * @param reused whether an earlier request went out on it
   */
  default void onConnected(InetSocketAddress local, InetSocketAddress remote, boolean reused) {}

  /** All of the request has been handed to TCP. Not told if the response is complete before. */
  default void onRequestSent() {}

  /**
   * A 1xx came, which is not the response yet (RFC 9110 §15.2).
   *
   * @param head status and fields
   */
  default void onInterim(ResponseHead head) {}

  /**
   * The response begins.
   *
   * @param head status and fields
   */
  void onHead(ResponseHead head);

  /**
   * Bytes of the body. What is left in {@code data} is offered again after {@link HttpCall#resume},
   * and until then nothing more is read.
   *
   * @param data borrowed until the call returns; has at least one byte
   */
  void onData(ByteBuffer data);

  /** The response is complete. The client can take the next request already. */
  void onEnd();

  /**
   * There will be no complete response.
   *
   * @param failure why
   */
  void onFailure(HttpFailure failure);
}
