package io.tunstack.http.wire;

/**
 * Walks through a chunked body (RFC 9112 §7.1), which may arrive split anywhere.
 *
 * <p>{@link #advance} goes over framing up to the next data; the caller takes as much of {@link
 * #dataRemaining} as it has and reports it with {@link #consume}; so the data itself is never
 * copied here. Extensions are ignored, trailer fields are checked and dropped, and both are
 * limited. Lines end in CRLF only.
 */
public final class ChunkedDecoder {
  /** Sixteen digits would need an unsigned long; what fits fifteen is 2⁶⁰ bytes. */
  private static final int MAX_SIZE_DIGITS = 15;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_NAME_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    DONE
  }

  private final HeadLimits limits;
  private State state = State.SIZE;
  private long size;
  private int digits;
  private long remaining;
  private int extensionBytes;
  private int trailerBytes;

  /**
   * Makes a decoder for one body.
   *
   * @param limits what it refuses to go beyond
   */
  public ChunkedDecoder(HeadLimits limits) {
    this.limits = limits;
  }

  /**
   * Goes over framing until data, the end of the body or the end of the input.
   *
   * @param array the input
   * @param from where to go on
   * @param to behind the last octet that has arrived
   * @return where it stopped
   * @throws BadMessageException if it is not a chunked body; do not go on then
   */
  public int advance(byte[] array, int from, int to) throws BadMessageException {
    int at = from;
    while (at < to && state != State.DATA && state != State.DONE) {
      step(array[at]);
      at++;
    }
    return at;
  }

  /**
   * Tells how many bytes of data begin where {@link #advance} stopped.
   *
   * @return what is left of the chunk; 0 if framing comes next or the body has ended
   */
  public long dataRemaining() {
    return state == State.DATA ? remaining : 0;
  }

  /**
   * Reports data as taken.
   *
   * @param count up to {@link #dataRemaining}
   */
  public void consume(int count) {
    remaining -= count;
    if (remaining == 0) {
      state = State.DATA_CR;
    }
  }

  /**
   * Tells whether the body has ended, trailers included.
   *
   * @return true at its end
   */
  public boolean isDone() {
    return state == State.DONE;
  }

  private void step(byte octet) throws BadMessageException {
    switch (state) {
      case SIZE -> size(octet);
      case EXTENSION -> extension(octet);
      case SIZE_LF -> {
        require(octet == '\n');
        remaining = size;
        state = size == 0 ? State.TRAILER_NAME_START : State.DATA;
        size = 0;
        digits = 0;
      }
      case DATA_CR -> {
        require(octet == '\r');
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        require(octet == '\n');
        state = State.SIZE;
      }
      case END_LF -> {
        require(octet == '\n');
        state = State.DONE;
      }
      default -> trailer(octet);
    }
  }

  private void size(byte octet) throws BadMessageException {
    int digit = Octets.hex(octet);
    if (digit >= 0) {
      if (++digits > MAX_SIZE_DIGITS) {
        throw new BadMessageException(400, "a chunk size of more than 15 digits");
      }
      size = size << 4 | digit;
      return;
    }
    require(digits > 0);
    if (octet == '\r') {
      state = State.SIZE_LF;
    } else {
      // RFC 9112 §7.1.1 would bear white space before the semicolon; nobody sends it but smugglers.
      require(octet == ';');
      state = State.EXTENSION;
    }
  }

  private void extension(byte octet) throws BadMessageException {
    if (octet == '\r') {
      state = State.SIZE_LF;
      return;
    }
    require(Octets.is(octet, Octets.FIELD));
    if (++extensionBytes > limits.chunkExtensionBytes()) {
      throw new BadMessageException(
          400, "more than " + limits.chunkExtensionBytes() + " bytes of chunk extensions");
    }
  }

  private void trailer(byte octet) throws BadMessageException {
    if (++trailerBytes > limits.trailerBytes()) {
      throw new BadMessageException(
          431, "the trailer section is longer than " + limits.trailerBytes() + " bytes");
    }
    switch (state) {
      case TRAILER_NAME_START -> {
        if (octet == '\r') {
          state = State.END_LF;
        } else {
          require(Octets.is(octet, Octets.TOKEN));
          state = State.TRAILER_NAME;
        }
      }
      case TRAILER_NAME -> {
        if (octet == ':') {
          state = State.TRAILER_VALUE;
        } else {
          require(Octets.is(octet, Octets.TOKEN));
        }
      }
      case TRAILER_VALUE -> {
        if (octet == '\r') {
          state = State.TRAILER_LF;
        } else {
          require(Octets.is(octet, Octets.FIELD));
        }
      }
      default -> {
        require(octet == '\n');
        state = State.TRAILER_NAME_START;
      }
    }
  }

  private static void require(boolean holds) throws BadMessageException {
    if (!holds) {
      throw new BadMessageException(
          400, "the chunked body is malformed: size in hex, CRLF, data, CRLF; 0 at the end");
    }
  }
}
