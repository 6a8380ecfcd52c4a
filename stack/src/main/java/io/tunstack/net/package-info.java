/**
 * What an application sees of the stack.
 *
 * <pre>
 *   Sockets.on(stack)
 *      .listen(port, socket -&gt; handler)  --&gt; TcpListener
 *      .connect(remote, handler)         --&gt; TcpSocket
 *      .bindUdp(port, handler)           --&gt; UdpSocket
 *      .forwardTcp(max, decider)         --&gt; TcpRequest: accept, reject, unreachable, ignore
 *      .forwardUdp(max, taker)           --&gt; UdpRequest: answer, unreachable
 *      .options()                        --&gt; ConnectionOptions for connect, listeners, sockets
 *      .alarm(action)                    --&gt; Alarm
 *
 *   engine thread:  TcpHandler.onConnected, onReadable, onWritable, onClosed
 *                   TcpSocket.read, write, shutdownOutput, close, abort
 * </pre>
 *
 * <p>{@link io.tunstack.net.TcpSocket} never blocks; {@link io.tunstack.net.BlockingSocket} is for
 * threads other than the engine's. What goes wrong is a {@link io.tunstack.net.TcpError}, and an
 * exception of the JDK's where a method blocks.
 *
 * <p>Bytes are {@link java.nio.ByteBuffer}s, addresses are {@link java.net.InetSocketAddress}es.
 * What does not say otherwise happens on the engine thread, which a handler must not block.
 */
package io.tunstack.net;
