package io.tunstack.tools;

import io.tunstack.http.wire.ResponseHead;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a response goes: a file, made when the response begins, or the standard output. Bytes are
 * handed over as they come: whoever reads a pipe sees them at once.
 */
final class GetOutput implements AutoCloseable {
  private static final int FIRST_ERROR = 400;

  private final String name;
  private final boolean withHeads;
  private final boolean failOnError;

  /** Null until the response begins. */
  private OutputStream stream;

  GetOutput(String name, boolean withHeads, boolean failOnError) {
    this.name = name;
    this.withHeads = withHeads;
    this.failOnError = failOnError;
  }

  void head(ResponseHead head) throws GetFailure {
    if (failOnError && head.status() >= FIRST_ERROR) {
      throw new GetFailure(
          CurlCode.HTTP_ERROR, "the server answered " + head.status() + " " + head.reason());
    }
    try {
      if (stream == null) {
        // System.out would swallow errors.
        stream =
            name.equals("-")
                ? new FileOutputStream(FileDescriptor.out)
                : new FileOutputStream(name);
      }
      if (withHeads) {
        stream.write((Talk.text(head) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void data(ByteBuffer bytes) throws GetFailure {
    try {
      stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Everything is written. */
  void end() throws GetFailure {
    try {
      close(stream);
      stream = null;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void close(OutputStream open) throws IOException {
    if (!name.equals("-")) {
      open.close();
    }
  }

  private GetFailure failed(IOException e) {
    String where = name.equals("-") ? "the standard output" : name;
    return new GetFailure(
        CurlCode.WRITE_ERROR, "cannot write to " + where + ": " + e.getMessage(), e);
  }

  /** Closes the file of a response that came to nothing; what was written stays. */
  @Override
  public void close() throws GetFailure {
    if (stream != null) {
      end();
    }
  }
}
