/**
 * HTTP/1.1 as bytes (RFC 9112): parsing and writing, without sockets, threads or clocks.
 *
 * <pre>
 *   bytes --RequestParser--&gt; RequestHead (method, Target, fields, Framing)
 *   bytes --ResponseParser-&gt; ResponseHead (status, fields, how the body ends)
 *   bytes --ChunkedDecoder-&gt; where the data is, where the body ends
 *   data  --ChunkedEncoder-&gt; bytes
 * </pre>
 *
 * <p>Every parser takes bytes as they come, split anywhere, and does the same thing however they
 * are split. What the grammar forbids is a {@link io.tunstack.http.wire.BadMessageException} that
 * carries the status code to answer with (or that a proxy would answer with) and words for a
 * person; nothing else is ever thrown, whatever the bytes are. Where RFC 9112 leaves a choice
 * between leniency and refusal and two implementations that choose differently could disagree on
 * where a message ends, this package refuses.
 *
 * <p>It knows nothing of the server and the client above it.
 */
package io.tunstack.http.wire;
