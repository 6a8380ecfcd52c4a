package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.BurstLoss;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import io.tunstack.link.QueueDiscipline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class EmulateCommandTest {
  private final StringWriter err = new StringWriter();

  private static CommandLine parsed(String flags) {
    CommandLine command = new CommandLine(new EmulateCommand());
    command.parseArgs(("--left ta --right tb " + flags).strip().split(" +", -1));
    return command;
  }

  private static LinkProfile profile(String end, String flags) {
    return new PathOptions.Reader(parsed(flags), end).profile(false, false, 1500);
  }

  @Test
  void shouldBeAPerfectCable_whenNothingIsSaid() {
    assertEquals(LinkProfile.NONE, profile("left", ""));
  }

  @Test
  void shouldHoldForBothDirections_unlessOneIsNamed() {
    String flags = "--rate 20mbit --delay 25ms --loss 1% --left-loss 2% --right-queue 9kB";
    LinkProfile left = profile("left", flags);
    LinkProfile right = profile("right", flags);
    assertEquals(0.02, left.impairment().loss());
    assertEquals(0.01, right.impairment().loss());
    assertEquals(Bottleneck.tailDrop(20_000_000, 125_000), left.bottleneck());
    assertEquals(Bottleneck.tailDrop(20_000_000, 9_000), right.bottleneck());
  }

  @Test
  void shouldTakeEveryKnob() {
    LinkProfile profile =
        new PathOptions.Reader(
                parsed(
                    "--rate 1gbit --delay 1ms --jitter 2ms --loss 1% --gemodel 1%,25%,50%,0.1%"
                        + " --duplicate 2% --reorder 3% --corrupt 4% --queue 1MB --aqm codel"),
                "right")
            .profile(true, true, 1500);
    assertEquals(
        new LinkProfile(
            new Impairment(Duration.ofMillis(1), Duration.ofMillis(2), 0.01, 0.02, 0.03, 0.04),
            new BurstLoss(0.01, 0.25, 0.5, 0.001),
            new Bottleneck(1_000_000_000, 1_000_000, QueueDiscipline.CODEL, true),
            true),
        profile);
    assertEquals(
        "1 Gbit/s, queue 1000000 bytes with codel, ecn, delay 1 ms, jitter 2 ms, loss 1 %,"
            + " bursts lose 2.019 %, duplicated 2 %, reordered 3 %, corrupted 4 %",
        EmulateCommand.describe(profile));
  }

  @Test
  void shouldLetSomePacketsWait_howeverShortThePathIs() {
    assertEquals(15_000, profile("left", "--rate 1mbit").bottleneck().queueBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "--rate 20, '--rate: ''20'' does not do; type a rate such as 20mbit'",
    "--rate 0bit, --rate: '0bit' does not do; type 1kbit to 1000gbit",
    "--left-delay 25, --left-delay: '25' does not do; type a time such as 25ms",
    "--loss 1, --loss: '1' does not do; type a share such as 1%",
    "--gemodel 1%, '--gemodel: two to four shares are needed, as in 1%,25%'",
    "--queue 0B --rate 1mbit, --queue: a queue of 0 holds nothing; type a size such as 125kB",
    "--queue 9kB, '--queue: without a rate nothing ever waits; add one, as in --rate 20mbit'",
    "--aqm fq, '--aqm: ''fq'' does not do; type none, codel or red'",
    "--mtu 5, --mtu: an MTU from 68 to 65535 is needed",
    "--right ta, --right: the devices need two names; both are 'ta'",
    "--left a/b, --left: not a device name: 'a/b'",
    "--speed 1, Unknown option",
  })
  void shouldSayWhatToType_whenAFlagWillNotDo(String flags, String message) {
    String end = flags.startsWith("--right ") || flags.startsWith("--left ") ? "" : "--right tb ";
    String other = flags.startsWith("--left ") ? "--right tb " : "--left ta ";
    String[] args = ("emulate " + other + end + flags).split(" +", -1);
    PrintWriter writer = new PrintWriter(err, true);

    assertEquals(2, Tunstack.commandLine(writer, writer).execute(args));
    assertTrue(err.toString().contains(message.replaceAll("^'|'$", "")), err::toString);
  }
}
