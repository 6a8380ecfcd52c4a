/**
 * An HTTP/1.1 client on the stack's own sockets (RFC 9110, RFC 9112).
 *
 * <pre>
 *   ClientRequest --HttpClient.send--&gt; Exchange --RequestSender--&gt; TcpSocket
 *                                        |  ^
 *        ResponseHandler &lt;--onHead,      |  |
 *           onData, onEnd ---------------+  +--ResponseReader---- TcpSocket
 * </pre>
 *
 * <p>An {@link io.tunstack.http.client.HttpClient} talks to one server and does one request at a
 * time; it keeps the connection for the next one as long as both sides are in step. What comes back
 * is told to a {@link io.tunstack.http.client.ResponseHandler} as it arrives. Exactly one of {@code
 * onEnd} and {@code onFailure} is the last thing that it hears: a body that ends early is a
 * failure, never a short success.
 *
 * <p>Back-pressure is TCP's: a handler that leaves bytes stops the reading until {@link
 * io.tunstack.http.client.HttpCall#resume}, so the window closes and the server waits. Memory per
 * call is bounded whatever the server sends, and {@link io.tunstack.http.client.ClientLimits}
 * bounds how long it may take.
 *
 * <p>All of it belongs to the engine thread and nothing in it blocks. The package knows {@code
 * io.tunstack.http.wire} below it and the stack's {@code net}; of the server it uses the producer
 * of bodies only.
 */
package io.tunstack.http.client;
