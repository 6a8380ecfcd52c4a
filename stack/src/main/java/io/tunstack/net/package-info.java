/**
 * What an application sees of the stack.
 *
 * <pre>
 *   Sockets.on(stack)
 *      .listen(port, socket -&gt; handler)  --&gt; TcpListener
 *      .connect(remote, handler)         --&gt; TcpSocket
 *      .bindUdp(port, handler)           --&gt; UdpSocket
 *      .alarm(action)                    --&gt; Alarm
 *
 *   engine thread:  TcpHandler.onConnected, onReadable, onWritable, onClosed
 *                   TcpSocket.read, write, shutdownOutput, close, abort
 * </pre>
 *
 * <p>Bytes are {@link java.nio.ByteBuffer}s, addresses are {@link java.net.InetSocketAddress}es.
 * Everything here happens on the engine thread, which a handler must not block.
 */
package io.tunstack.net;
