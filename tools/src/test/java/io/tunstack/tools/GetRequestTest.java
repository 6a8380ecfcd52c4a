package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.client.HttpUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GetRequestTest {
  private static final HttpUrl URL = HttpUrl.parse("http://10.77.0.2/x");
  private static final List<String> NONE = List.of();

  @TempDir private Path directory;

  private static List<String> lines(String method, boolean head, List<String> headers)
      throws GetFailure {
    return GetRequest.of(URL, method, head, headers, NONE, NONE).lines();
  }

  @Test
  void shouldSayWhoWeAre() throws GetFailure {
    assertEquals(
        List.of(
            "GET /x HTTP/1.1",
            "Host: 10.77.0.2",
            "User-Agent: " + GetRequest.userAgent(),
            "Accept: */*"),
        lines("", false, NONE));
    assertTrue(GetRequest.userAgent().startsWith("tunstack"));
  }

  @Test
  void shouldReplaceAndLeaveOutOurOwnHeaders() throws GetFailure {
    assertEquals(
        List.of("GET /x HTTP/1.1", "Host: h", "USER-agent: me", "Empty: ", "Connection: close"),
        lines(
            "",
            false,
            List.of("Accept:", "USER-agent: me", "host: h", "Empty;", "Connection: close")));
  }

  @Test
  void shouldChooseTheMethod() throws GetFailure {
    assertEquals("HEAD /x HTTP/1.1", lines("", true, NONE).get(0));
    assertEquals("PURGE /x HTTP/1.1", lines("PURGE", false, NONE).get(0));
    assertEquals(
        "POST /x HTTP/1.1", GetRequest.of(URL, "", false, NONE, List.of("a"), NONE).lines().get(0));
    assertEquals(
        "PUT /x HTTP/1.1",
        GetRequest.of(URL, "PUT", false, NONE, NONE, List.of("a")).lines().get(0));
  }

  @Test
  void shouldJoinData() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "1\r\n2\n");

    List<String> form =
        GetRequest.of(URL, "", false, NONE, List.of("a=b", "@" + file), NONE).lines();
    List<String> binary =
        GetRequest.of(URL, "", false, List.of("Content-Type: x/y"), NONE, List.of("@" + file))
            .lines();

    assertTrue(form.contains("Content-Length: 6"), form::toString);
    assertTrue(form.contains("Content-Type: application/x-www-form-urlencoded"), form::toString);
    assertTrue(binary.contains("Content-Length: 5"), binary::toString);
    assertTrue(binary.contains("Content-Type: x/y"), binary::toString);
    assertEquals(1, binary.stream().filter(line -> line.startsWith("Content-Type")).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "a b: c", ": x", "A: b\r\nC: d", "Content-Length: 5"})
  void shouldRefuseAHeader_whenItIsNone(String header) {
    assertEquals(
        CurlCode.USAGE,
        assertThrows(GetFailure.class, () -> lines("", false, List.of(header))).code());
  }

  @Test
  void shouldRefuseWhatContradictsItself() {
    assertEquals(
        CurlCode.USAGE,
        assertThrows(GetFailure.class, () -> GetRequest.of(URL, "", true, NONE, List.of("a"), NONE))
            .code());
    assertEquals(
        CurlCode.USAGE, assertThrows(GetFailure.class, () -> lines("G T", false, NONE)).code());
  }

  @Test
  void shouldSayWhatItCannotRead() {
    GetFailure failure =
        assertThrows(
            GetFailure.class,
            () -> GetRequest.of(URL, "", false, NONE, List.of("@/no/such/file"), NONE));

    assertEquals(CurlCode.READ_ERROR, failure.code());
    assertTrue(failure.getMessage().contains("/no/such/file"), failure::getMessage);
  }
}
