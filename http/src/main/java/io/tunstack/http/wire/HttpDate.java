package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field in IMF-fixdate (RFC 9110 §5.6.7), made anew at most once a second. */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final long MILLIS_PER_SECOND = 1000;

  private long second = Long.MIN_VALUE;
  private byte[] line = {};

  /** Makes one that has nothing remembered yet. */
  public HttpDate() {}

  /**
   * Writes an instant.
   *
   * @param wallMillis milliseconds since 1970-01-01T00:00Z
   * @return such as {@code Sun, 06 Nov 1994 08:49:37 GMT}
   */
  public static String format(long wallMillis) {
    return IMF_FIXDATE.format(Instant.ofEpochMilli(wallMillis));
  }

  /**
   * Gives the whole field line.
   *
   * @param wallMillis milliseconds since 1970-01-01T00:00Z
   * @return {@code Date: …} with CRLF; shared, not to be changed
   */
  public byte[] line(long wallMillis) {
    long wanted = Math.floorDiv(wallMillis, MILLIS_PER_SECOND);
    if (wanted != second) {
      line = ("Date: " + format(wallMillis) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      second = wanted;
    }
    return line;
  }
}
