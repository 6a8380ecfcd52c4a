package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.ReceivedChecksum;

/**
 * The engines that are one stack together, as one of them sees them. The device hands a packet to
 * whichever engine it likes; these say whose it is, and take it there.
 *
 * <p>Every method may be called from the engine's own thread only; what they share behind it is
 * safe for all of them at once.
 */
public interface Siblings {
  /** What {@link #ownerOf} answers when nobody has it. */
  int NOBODY = -1;

  /** What an engine that is a whole stack sees. */
  Siblings NONE = new NoSiblings();

  /**
   * Tells how many engines there are.
   *
   * @return this one included; 1 if it is alone
   */
  int count();

  /**
   * Tells which of them this is.
   *
   * @return from 0
   */
  int index();

  /**
   * Finds the engine that has a connection.
   *
   * @param local our address
   * @param localPort our port
   * @param remote the peer's address
   * @param remotePort the peer's port
   * @return an engine, or {@link #NOBODY}
   */
  int ownerOf(int local, int localPort, int remote, int remotePort);

  /**
   * Makes a connection this engine's, unless it is another's.
   *
   * @param local our address
   * @param localPort our port
   * @param remote the peer's address
   * @param remotePort the peer's port
   * @return whose it is now
   */
  int claim(int local, int localPort, int remote, int remotePort);

  /**
   * Makes a connection nobody's, if it is this engine's.
   *
   * @param local our address
   * @param localPort our port
   * @param remote the peer's address
   * @param remotePort the peer's port
   */
  void release(int local, int localPort, int remote, int remotePort);

  /**
   * Notes that somebody here listens on a port, or that nobody does any more.
   *
   * @param port 1 to 65,535
   * @param on whether somebody does
   */
  void listening(int port, boolean on);

  /**
   * Finds an engine that listens on a port.
   *
   * @param port 1 to 65,535
   * @return an engine, or {@link #NOBODY}
   */
  int listenerOf(int port);

  /**
   * Notes that a SYN cookie has left: its answer may come to any engine.
   *
   * @param now the clock's nanoseconds
   */
  void cookieSent(long now);

  /**
   * Tells when an engine has last sent a SYN cookie.
   *
   * @return the clock's nanoseconds; {@link Long#MAX_VALUE} if none has
   */
  long lastCookie();

  /**
   * Takes a packet to another engine, which delivers it as if it had come there.
   *
   * @param engine which
   * @param packet copied
   * @param at where its IPv4 header begins
   * @param length bytes, from there on
   * @param checksum what the link knows of its transport checksum
   * @param segmentBytes as {@link Ipv4#receive(ByteBuf, ReceivedChecksum, int, long)} has it
   * @return false if too many packets wait there already: it is lost
   */
  boolean handOver(
      int engine, ByteBuf packet, int at, int length, ReceivedChecksum checksum, int segmentBytes);
}
