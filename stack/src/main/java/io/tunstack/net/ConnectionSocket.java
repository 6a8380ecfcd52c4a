package io.tunstack.net;

import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionHandler;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.TcpConnection;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.wire.FourTuple;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/** A socket that is a connection's face to the application. */
final class ConnectionSocket implements TcpSocket, ConnectionHandler {
  TcpConnection connection;
  TcpHandler handler;

  ConnectionSocket(TcpConnection connection) {
    this.connection = connection;
  }

  @Override
  public InetSocketAddress localAddress() {
    FourTuple tuple = connection.tuple();
    return new InetSocketAddress(tuple.local().toInetAddress(), tuple.localPort());
  }

  @Override
  public InetSocketAddress remoteAddress() {
    FourTuple tuple = connection.tuple();
    return new InetSocketAddress(tuple.remote().toInetAddress(), tuple.remotePort());
  }

  @Override
  public int read(ByteBuffer target) {
    return connection.read(target);
  }

  @Override
  public int take(Consumer<ByteBuffer> taker) {
    return connection.take(taker);
  }

  @Override
  public int fill(int limit, Consumer<ByteBuffer> maker) {
    return connection.fill(limit, maker);
  }

  @Override
  public int available() {
    return connection.available();
  }

  @Override
  public int urgentRemaining() {
    return connection.urgentRemaining();
  }

  @Override
  public int write(ByteBuffer source) {
    return connection.write(source);
  }

  @Override
  public int lend(ByteBuffer source) {
    return connection.lend(source);
  }

  @Override
  public int writable() {
    return connection.writable();
  }

  @Override
  public void shutdownOutput() {
    connection.shutdownOutput();
  }

  @Override
  public void close() {
    connection.close();
  }

  @Override
  public void abort() {
    connection.abort();
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public TcpInfo info() {
    return connection.info();
  }

  @Override
  public int peek(ByteBuffer target) {
    return connection.peek(target);
  }

  @Override
  public int unsent() {
    return connection.unsent();
  }

  @Override
  public int unacknowledged() {
    return connection.unacknowledged();
  }

  @Override
  public int readiness() {
    boolean failed = !connection.isOpen() && connection.lastError().isPresent();
    return (connection.isReadable() ? Readiness.READABLE : 0)
        | (connection.writable() > 0 ? Readiness.WRITABLE : 0)
        | (connection.isInputEnded() ? Readiness.INPUT_ENDED : 0)
        | (connection.isHungUp() ? Readiness.HANGUP : 0)
        | (failed ? Readiness.ERROR : 0);
  }

  @Override
  public Optional<TcpError> lastError() {
    return connection.lastError().flatMap(why -> TcpError.of(why, connection.hasStood()));
  }

  @Override
  public ConnectionOptions options() {
    return connection.options();
  }

  @Override
  public void setOptions(ConnectionOptions options) {
    connection.setOptions(options);
  }

  @Override
  public void onConnected(TcpConnection ignored) {
    handler.onConnected(this);
  }

  @Override
  public void onReadable(TcpConnection ignored) {
    handler.onReadable(this);
  }

  @Override
  public void onWritable(TcpConnection ignored) {
    handler.onWritable(this);
  }

  @Override
  public void onUrgent(TcpConnection ignored) {
    handler.onUrgent(this);
  }

  @Override
  public void onSoftError(TcpConnection ignored, CloseReason reason) {
    handler.onSoftError(this, reason);
  }

  @Override
  public void onFlushed(TcpConnection ignored) {
    handler.onFlushed(this);
  }

  @Override
  public void onClosed(TcpConnection ignored, CloseReason reason) {
    handler.onClosed(this, reason);
  }
}
