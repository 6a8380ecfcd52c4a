package io.tunstack.packetdrill;

import java.util.Map;

/** The constants of Linux's system calls that scripts name. */
final class Constants {
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int MSG_PEEK = 2;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int POLLIN = 1;
  static final int POLLOUT = 4;
  static final int POLLERR = 8;
  static final int POLLHUP = 16;
  static final int POLLRDHUP = 0x2000;
  static final int SHUT_RD = 0;
  static final int SHUT_WR = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_NONBLOCK = O_NONBLOCK;
  static final int F_GETFL = 3;
  static final int F_SETFL = 4;
  static final int SIOCINQ = 0x541b;
  static final int SIOCOUTQ = 0x5411;
  static final int SIOCOUTQNSD = 0x894b;

  private static final int SOCKET_LEVEL = 1 << 16;
  private static final int IP_LEVEL = 2 << 16;
  private static final int TCP_LEVEL = 3 << 16;

  /** Options have numbers of their own here, so that one number says level and name. */
  static final int SO_REUSEADDR = SOCKET_LEVEL + 2;

  static final int SO_ERROR = SOCKET_LEVEL + 4;
  static final int SO_SNDBUF = SOCKET_LEVEL + 7;
  static final int SO_RCVBUF = SOCKET_LEVEL + 8;
  static final int SO_KEEPALIVE = SOCKET_LEVEL + 9;
  static final int SO_LINGER = SOCKET_LEVEL + 13;
  static final int IP_TOS = IP_LEVEL + 1;
  static final int IP_MTU_DISCOVER = IP_LEVEL + 10;
  static final int TCP_NODELAY = TCP_LEVEL + 1;
  static final int TCP_MAXSEG = TCP_LEVEL + 2;
  static final int TCP_KEEPIDLE = TCP_LEVEL + 4;
  static final int TCP_KEEPINTVL = TCP_LEVEL + 5;
  static final int TCP_KEEPCNT = TCP_LEVEL + 6;
  static final int TCP_CONGESTION = TCP_LEVEL + 13;
  static final int TCP_USER_TIMEOUT = TCP_LEVEL + 18;

  private static final Map<String, Integer> NAMES =
      Map.ofEntries(
          Map.entry("NULL", 0),
          Map.entry("AF_INET", 2),
          Map.entry("AF_UNSPEC", 0),
          Map.entry("INADDR_ANY", 0),
          Map.entry("SOCK_STREAM", SOCK_STREAM),
          Map.entry("SOCK_NONBLOCK", SOCK_NONBLOCK),
          Map.entry("IPPROTO_TCP", 6),
          Map.entry("O_RDWR", O_RDWR),
          Map.entry("O_NONBLOCK", O_NONBLOCK),
          Map.entry("F_GETFL", F_GETFL),
          Map.entry("F_SETFL", F_SETFL),
          Map.entry("SIOCINQ", SIOCINQ),
          Map.entry("FIONREAD", SIOCINQ),
          Map.entry("SIOCOUTQ", SIOCOUTQ),
          Map.entry("SIOCOUTQNSD", SIOCOUTQNSD),
          Map.entry("MSG_PEEK", MSG_PEEK),
          Map.entry("MSG_DONTWAIT", MSG_DONTWAIT),
          Map.entry("MSG_NOSIGNAL", MSG_NOSIGNAL),
          Map.entry("POLLIN", POLLIN),
          Map.entry("POLLOUT", POLLOUT),
          Map.entry("POLLERR", POLLERR),
          Map.entry("POLLHUP", POLLHUP),
          Map.entry("POLLRDHUP", POLLRDHUP),
          Map.entry("SHUT_RD", SHUT_RD),
          Map.entry("SHUT_WR", SHUT_WR),
          Map.entry("SHUT_RDWR", 2),
          Map.entry("SOL_SOCKET", SOCKET_LEVEL),
          Map.entry("SOL_IP", IP_LEVEL),
          Map.entry("IPPROTO_IP", IP_LEVEL),
          Map.entry("SOL_TCP", TCP_LEVEL),
          Map.entry("SO_REUSEADDR", SO_REUSEADDR),
          Map.entry("SO_ERROR", SO_ERROR),
          Map.entry("SO_SNDBUF", SO_SNDBUF),
          Map.entry("SO_RCVBUF", SO_RCVBUF),
          Map.entry("SO_KEEPALIVE", SO_KEEPALIVE),
          Map.entry("SO_LINGER", SO_LINGER),
          Map.entry("IP_TOS", IP_TOS),
          Map.entry("IP_MTU_DISCOVER", IP_MTU_DISCOVER),
          Map.entry("IP_PMTUDISC_DO", 2),
          Map.entry("IP_PMTUDISC_DONT", 0),
          Map.entry("TCP_NODELAY", TCP_NODELAY),
          Map.entry("TCP_MAXSEG", TCP_MAXSEG),
          Map.entry("TCP_KEEPIDLE", TCP_KEEPIDLE),
          Map.entry("TCP_KEEPINTVL", TCP_KEEPINTVL),
          Map.entry("TCP_KEEPCNT", TCP_KEEPCNT),
          Map.entry("ECONNREFUSED", 111),
          Map.entry("ECONNRESET", 104),
          Map.entry("ETIMEDOUT", 110),
          Map.entry("EHOSTUNREACH", 113),
          Map.entry("TCP_CONGESTION", TCP_CONGESTION),
          Map.entry("TCP_USER_TIMEOUT", TCP_USER_TIMEOUT));

  private Constants() {}

  /** What a name stands for. */
  static long of(String name, Cursor in) {
    Integer value = NAMES.get(name);
    if (value == null) {
      throw in.error("the constant " + name + " is not known here");
    }
    return value;
  }
}
