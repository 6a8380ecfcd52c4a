package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is read without the parser is what the parser reads. */
final class PlainArgumentsTest {
  private static String[] split(String line) {
    return line.split(" ", -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "up --no-offload",
        "up --tun t7 --address 10.9.0.7/16 --host-address 10.9.3.4",
        "up --tun=t7 --address=10.9.0.7/16 --host-address=10.9.3.4",
        "up --mtu 9000 --http 8080 --queues 4 --busy-poll 50 --cc newreno",
        "up --queues=64 --busy-poll=1000000 --cc=bbr --no-offload --mtu=576",
        "up --cc cubic --http=1"
      })
  void shouldReadWhatTheParserReads(String line) {
    UpCommand parsed = new UpCommand();
    CommandLine parser = new CommandLine(parsed);
    String[] args = split(line);
    parser.parseArgs(Stream.of(args).skip(1).toArray(String[]::new));

    Up expected = parsed.up();
    Up read = PlainArguments.up(args).orElseThrow();
    assertEquals(expected.settings(), read.settings());
    assertEquals(expected.tcp().congestionControl(), read.tcp().congestionControl());
    assertEquals(expected.queues(), read.queues());
    assertEquals(expected.busyPoll(), read.busyPoll());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "get",
        "up --help",
        "up -V",
        "up extra",
        "up --nonsense 1",
        "up --mtu",
        "up --mtu 15oo",
        "up --mtu +1500",
        "up --mtu 10",
        "up --mtu 99999999999",
        "up --tun -x",
        "up --tun a/b",
        "up --tun=",
        "up --address 10.9.0.7",
        "up --queues 0",
        "up --queues 65",
        "up --busy-poll 1000001",
        "up --http 0",
        "up --cc vegas"
      })
  void shouldLeaveToTheParser_whatIsWrongOrUnusual(String line) {
    assertEquals(Optional.empty(), PlainArguments.up(split(line)));
  }

  @Test
  void shouldKnowEveryOption() {
    for (OptionSpec option : new CommandLine(new UpCommand()).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        String value = option.defaultValue();
        String known = value == null || value.isEmpty() ? "10.77.0.1" : value;
        String[] args = {"up", option.longestName(), known};
        boolean flag = option.arity().max() == 0;
        assertTrue(
            PlainArguments.up(flag ? new String[] {"up", option.longestName()} : args).isPresent(),
            option.longestName());
      }
    }
  }
}
