package io.tunstack.tools.bench;

import io.tunstack.http.BodyProducer;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SplittableRandom;

/** A response's body as applications have them: bytes of any content, in memory or in a file. */
final class UserBytes {
  /** More than the caches next to a core hold: what is sent comes out of memory. */
  static final int BYTES = 16 << 20;

  /** What {@code tools/bench/netload} asks for; it goes away before. */
  private static final long ENDLESS = 1_000_000_000_000L;

  private UserBytes() {}

  /** Random bytes, always the same. */
  static byte[] content() {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }

  /** Answers every request with the bytes, over and over. */
  static HttpHandler fromMemory(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    return HttpHandler.of(request -> endless(new Memory(direct.duplicate())));
  }

  /** Answers every request with the file's content, over and over, read as it is sent. */
  static HttpHandler fromFile(FileChannel file) {
    return HttpHandler.of(request -> endless(new FromFile(file)));
  }

  /**
   * Answers every request with the file's content, over and over, sent from where the page cache
   * has it: without a copy of it, or a call to read it.
   */
  static HttpHandler fromMapping(FileChannel file) throws IOException {
    ByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
    return HttpHandler.of(request -> endless(new Memory(mapped.duplicate())));
  }

  private static HttpResponse endless(BodyProducer body) {
    return HttpResponse.status(200).stream("application/octet-stream", ENDLESS, body).build();
  }

  private static final class Memory implements BodyProducer {
    private final ByteBuffer bytes;

    Memory(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int produce(ByteBuffer target) {
      ByteBuffer lent = lend();
      int count = Math.min(target.remaining(), lent.remaining());
      target.put(target.position(), lent, lent.position(), count);
      target.position(target.position() + count);
      lent.position(lent.position() + count);
      return count;
    }

    @Override
    public ByteBuffer lend() {
      return bytes.hasRemaining() ? bytes : bytes.rewind();
    }
  }

  private static final class FromFile implements BodyProducer {
    private final FileChannel file;
    private long at;

    FromFile(FileChannel file) {
      this.file = file;
    }

    @Override
    public int produce(ByteBuffer target) {
      try {
        int count = file.read(target, at);
        if (count < 0) {
          at = 0;
          count = file.read(target, at);
        }
        at += count;
        return count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
