package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before there is a device. */
final class GetCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int get(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "get";
    System.arraycopy(args, 0, all, 1, args.length);
    return Tunstack.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(all);
  }

  @ParameterizedTest
  @CsvSource({
    "https://10.77.0.1/, 1, TLS",
    "gopher://10.77.0.1/, 1, gopher",
    "'http://10.77.0.1/a b', 3, %20",
    "http://10.77.0.1:0/, 3, port",
    "http://example.com/, 6, getent ahostsv4 example.com",
    "example.com, 6, DNS",
    "http://10.77.0.300/, 6, not an IPv4 address",
    "http://[::1]/, 6, not an IPv4 address",
    "http://127.0.0.1:8080/, 7, loopback",
  })
  void shouldEndAsCurlDoes_whenTheUrlWillNotDo(String url, int code, String words) {
    assertEquals(code, get(url));
    assertTrue(err.toString().startsWith("tunstack: (" + code + ") "), err::toString);
    assertTrue(err.toString().contains(words), err::toString);
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://10.77.0.1/ --nonsense",
        "http://10.77.0.1/ http://10.77.0.1/",
        "http://10.77.0.1/ --max-time soon",
        "http://10.77.0.1/ --max-time 0",
        "http://10.77.0.1/ --connect-timeout -1",
        "http://10.77.0.1/ --max-time 1e99",
        "http://10.77.0.1/ --address 10.77.1.2",
        "http://10.77.0.1/ --tun a/b",
        "http://10.77.0.1/ -H nonsense",
        "http://10.77.0.1/ -X G/T",
        "http://10.77.0.1/ -I -d x",
      })
  void shouldEndWithTwo_whenTheCommandLineIsWrong(String line) {
    assertEquals(2, get(line.isEmpty() ? new String[0] : line.split(" ", -1)));
    assertTrue(err.toString().startsWith("tunstack: "), err::toString);
  }

  @Test
  void shouldSayNothing_whenSilent() {
    assertEquals(3, get("-s", "http://"));
    assertEquals("", err.toString());

    assertEquals(3, get("-s", "-S", "http://"));
    assertTrue(err.toString().contains("the host is missing"), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--output", "--verbose", "--tun", "--address", "--max-time", "--fail", "28 timed"})
  void shouldExplainItself_whenAskedForHelp(String words) {
    assertEquals(0, get("--help"));
    assertTrue(out.toString().contains(words), out::toString);
  }
}
