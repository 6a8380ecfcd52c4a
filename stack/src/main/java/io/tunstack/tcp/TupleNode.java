package io.tunstack.tcp;

import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;

/** Something that a 4-tuple names, chained into the {@link TupleTable}. */
abstract class TupleNode {
  final int local;
  final char localPort;
  final int remote;
  final char remotePort;
  TupleNode chain;

  TupleNode(int local, int localPort, int remote, int remotePort) {
    this.local = local;
    this.localPort = (char) localPort;
    this.remote = remote;
    this.remotePort = (char) remotePort;
  }

  final boolean matches(int otherLocal, int otherLocalPort, int otherRemote, int otherRemotePort) {
    return remotePort == otherRemotePort
        && localPort == otherLocalPort
        && remote == otherRemote
        && local == otherLocal;
  }

  /**
   * Returns the addresses and ports.
   *
   * @return a new value
   */
  public final FourTuple tuple() {
    return new FourTuple(new IpAddress(local), localPort, new IpAddress(remote), remotePort);
  }
}
