package io.tunstack.net;

import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionHandler;
import io.tunstack.tcp.KeepAlive;
import io.tunstack.tcp.TcpConnection;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.wire.FourTuple;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

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
  public void setNoDelay(boolean noDelay) {
    connection.setNoDelay(noDelay);
  }

  @Override
  public void setKeepAlive(KeepAlive settings) {
    connection.setKeepAlive(settings);
  }

  @Override
  public void setUserTimeout(Duration timeout) {
    connection.setUserTimeout(timeout);
  }

  @Override
  public void setDscp(int dscp) {
    connection.setDscp(dscp);
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
  public void onClosed(TcpConnection ignored, CloseReason reason) {
    handler.onClosed(this, reason);
  }
}
