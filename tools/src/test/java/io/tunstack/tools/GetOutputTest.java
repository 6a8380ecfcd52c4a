package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.http.wire.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GetOutputTest {
  @TempDir private Path directory;

  private static ResponseHead head(int status) {
    return new ResponseHead(1, status, "X", List.of());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(("__" + text).getBytes(US_ASCII)).position(2).slice();
  }

  private Path file() {
    return directory.resolve("file");
  }

  private GetOutput output(boolean withHeads, boolean fail) {
    return new GetOutput(file().toString(), withHeads, fail);
  }

  @Test
  void shouldWriteTheBody() throws Exception {
    try (GetOutput output = output(false, false)) {
      assertFalse(Files.exists(file()));
      output.head(head(404));
      output.data(bytes("ab"));
      output.data(bytes("c"));
      output.end();
    }

    assertEquals("abc", Files.readString(file()));
  }

  @Test
  void shouldWriteEveryHead_whenAskedTo() throws Exception {
    try (GetOutput output = output(true, false)) {
      output.head(head(100));
      output.head(head(200));
      output.data(bytes("ab"));
      output.end();
    }

    assertEquals("HTTP/1.1 100 X\r\n\r\nHTTP/1.1 200 X\r\n\r\nab", Files.readString(file()));
  }

  @Test
  void shouldKeepWhatCame_whenTheResponseIsNotWhole() throws Exception {
    try (GetOutput output = output(false, false)) {
      output.head(head(200));
      output.data(bytes("ab"));
    }

    assertEquals("ab", Files.readString(file()));
  }

  @Test
  void shouldWriteNothing_whenToFailOnErrors() throws Exception {
    try (GetOutput output = output(false, true)) {
      assertEquals(
          CurlCode.HTTP_ERROR, assertThrows(GetFailure.class, () -> output.head(head(400))).code());
      assertFalse(Files.exists(file()));
      output.head(head(399));
    }
  }

  @Test
  void shouldSayWhatItCannotWrite() throws Exception {
    try (GetOutput output = new GetOutput(directory + "/no/file", false, false)) {
      assertEquals(
          CurlCode.WRITE_ERROR,
          assertThrows(GetFailure.class, () -> output.head(head(200))).code());
    }
    try (GetOutput output = new GetOutput("/dev/full", false, false)) {
      output.head(head(200));
      assertEquals(
          CurlCode.WRITE_ERROR,
          assertThrows(GetFailure.class, () -> output.data(bytes("a"))).code());
    }
  }
}
