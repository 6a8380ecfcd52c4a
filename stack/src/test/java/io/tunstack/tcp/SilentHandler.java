package io.tunstack.tcp;

/** Hears everything and says nothing. */
class SilentHandler implements ConnectionHandler {
  @Override
  public void onConnected(TcpConnection connection) {
    // Nothing.
  }

  @Override
  public void onReadable(TcpConnection connection) {
    // Nothing.
  }

  @Override
  public void onWritable(TcpConnection connection) {
    // Nothing.
  }

  @Override
  public void onFlushed(TcpConnection connection) {
    // Nothing.
  }

  @Override
  public void onClosed(TcpConnection connection, CloseReason reason) {
    // Nothing.
  }
}
