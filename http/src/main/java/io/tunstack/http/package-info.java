/**
 * An HTTP/1.1 server on the stack's own sockets.
 *
 * <pre>
 *   TcpSocket --bytes--&gt; HttpConnection --RequestHead--&gt; HttpRouter --&gt; HttpHandler
 *                          |        ^                                       |
 *                          |        +---------- HttpResponse ---------------+
 *                          +--body--&gt; BodyConsumer      BodyProducer --&gt; TcpSocket
 * </pre>
 *
 * <p>A connection reads a head, finds the route, calls its handler. The handler answers through an
 * {@link io.tunstack.http.HttpExchange}: at once or later, with a body that is there or one that is
 * produced as the connection takes it, with or without reading the body of the request. Nobody
 * waits for anybody: what cannot go on returns, and the next event goes on from there.
 *
 * <p>Back-pressure is TCP's in both directions. A consumer that leaves bytes stops the reading, so
 * the window closes; a socket that refuses bytes stops the producer. While a response is not
 * written the next request is not read. So memory per connection is bounded whatever a client does,
 * and {@link io.tunstack.http.HttpLimits} bounds how long it may do so.
 *
 * <p>All of it belongs to the engine thread. The package knows {@code io.tunstack.http.wire} below
 * it and the stack's {@code net}; it does not know the routes above it.
 */
package io.tunstack.http;
