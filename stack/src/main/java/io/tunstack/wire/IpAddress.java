package io.tunstack.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address, as a value. It is an IPv4 address today; code that holds an {@code IpAddress} rather
 * than an {@code int} is code that IPv6 will not touch. On the hot path an IPv4 address is a bare
 * {@code int} in network order instead ({@link #bits()}).
 *
 * @param bits the four bytes, the first in the highest-order position
 */
public record IpAddress(int bits) {
  /** {@code 0.0.0.0}: no address, or any. */
  public static final IpAddress UNSPECIFIED = new IpAddress(0);

  private static final int OCTETS = 4;
  private static final int MAX_OCTET_DIGITS = 3;

  /**
   * Reads a dotted quad: four decimal numbers without leading zeros, nothing else. Names are not
   * looked up and the old shortened and octal forms are refused.
   *
   * @param text such as {@code 10.77.0.2}
   * @return the address
   * @throws IllegalArgumentException if it is anything else
   */
  public static IpAddress parse(String text) {
    int bits = 0;
    int at = 0;
    for (int octet = 0; octet < OCTETS; octet++) {
      int value = 0;
      int digits = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = value * 10 + (text.charAt(at) - '0');
        digits++;
        at++;
        if (digits > MAX_OCTET_DIGITS || (digits > 1 && text.charAt(at - digits) == '0')) {
          throw notAnAddress(text);
        }
      }
      if (digits == 0 || value > 255) {
        throw notAnAddress(text);
      }
      bits = bits << 8 | value;
      if (octet < OCTETS - 1) {
        if (at >= text.length() || text.charAt(at) != '.') {
          throw notAnAddress(text);
        }
        at++;
      }
    }
    if (at != text.length()) {
      throw notAnAddress(text);
    }
    return new IpAddress(bits);
  }

  /**
   * Converts from the JDK's type.
   *
   * @param address an IPv4 address
   * @return the same address
   * @throws IllegalArgumentException if it is an IPv6 address, which this stack does not speak
   */
  public static IpAddress of(InetAddress address) {
    if (!(address instanceof Inet4Address)) {
      throw new IllegalArgumentException(
          "IPv6 is not supported: " + address.getHostAddress() + "; use an IPv4 address");
    }
    byte[] b = address.getAddress();
    return new IpAddress(
        (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff));
  }

  /**
   * Converts to the JDK's type, without looking anything up.
   *
   * @return the same address
   */
  public InetAddress toInetAddress() {
    byte[] b = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    try {
      return InetAddress.getByAddress(b);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are always an address", e);
    }
  }

  /**
   * Tells whether this is a multicast address, 224.0.0.0/4.
   *
   * @return true if so
   */
  public boolean isMulticast() {
    return bits >>> 28 == 0xe;
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "not an IPv4 address: '" + text + "'; write four numbers from 0 to 255, as in 10.77.0.2");
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
