package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TunstackTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Tunstack.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void shouldTellItsVersionAndJava() {
    assertEquals(0, run("--version"));
    assertTrue(out.toString().startsWith("tunstack "), out::toString);
    assertTrue(out.toString().contains(System.getProperty("java.version")), out::toString);
    assertEquals("", err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tun",
        "--address",
        "--host-address",
        "--mtu",
        "--http",
        "--cc",
        "--queues",
        "--busy-poll"
      })
  void shouldListEveryOptionOfUp_whenAskedForHelp(String option) {
    assertEquals(0, run("up", "--help"));
    assertTrue(out.toString().contains(option + "="), out::toString);
  }

  @Test
  void shouldSayWhatToType_whenTheCommandIsMissing() {
    assertEquals(ExitCode.USAGE, run());
    assertTrue(err.toString().contains("tunstack up"), err::toString);
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "down",
        "--nonsense",
        "up --nonsense",
        "up extra",
        "up --cc vegas",
        "up --mtu many",
        "up --mtu 10",
        "up --http 70000",
        "up --queues 0",
        "up --queues 65",
        "up --busy-poll -1",
        "up --address 10.77.0.2",
        "up --host-address 10.99.0.1",
        "up --tun much-too-long-a-name",
      })
  void shouldEndWithTwoAndPointToTheHelp_whenTheCommandLineIsWrong(String line) {
    assertEquals(ExitCode.USAGE, run(line.split(" ", -1)));
    assertTrue(err.toString().startsWith("tunstack: "), err::toString);
    assertTrue(err.toString().contains("--help"), err::toString);
    assertEquals("", out.toString());
  }
}
