package io.tunstack.tools;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.BurstLoss;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import io.tunstack.link.QueueDiscipline;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that say what a path is like: each for both directions, and with {@code left-} or
 * {@code right-} in front for what goes out at that end only.
 */
final class PathOptions implements IModelTransformer {
  /** So many packets fit a queue that was not asked for, however short the path. */
  private static final long MIN_QUEUE_PACKETS = 10;

  private static final int MAX_GEMODEL_NUMBERS = 4;

  /** An option without its prefix. */
  private enum Knob {
    RATE("rate", "RATE", "how fast, such as 20mbit (default: without limit)"),
    DELAY("delay", "TIME", "how long every packet takes, such as 25ms"),
    JITTER("jitter", "TIME", "how much longer it may take; see --keep-order"),
    LOSS("loss", "SHARE", "how many packets are lost, such as 1%%"),
    GEMODEL(
        "gemodel",
        "P,R[,1-H[,1-K]]",
        "lose in bursts: the numbers of tc's gemodel, such as 1%%,25%%"),
    DUPLICATE("duplicate", "SHARE", "how many arrive twice"),
    REORDER("reorder", "SHARE", "how many are held back until others have overtaken them"),
    CORRUPT("corrupt", "SHARE", "how many have a bit flipped"),
    QUEUE(
        "queue",
        "SIZE",
        "what may wait for the rate, such as 125kB (default: rate times twice the delay, at least"
            + " ten packets)"),
    AQM("aqm", "NAME", "who keeps the queue short: none, codel or red (default: none)");

    private final String name;
    private final String label;
    private final String description;

    Knob(String name, String label, String description) {
      this.name = name;
      this.label = label;
      this.description = description;
    }
  }

  @Override
  public CommandSpec transform(CommandSpec command) {
    for (Knob knob : Knob.values()) {
      command.addOption(
          OptionSpec.builder("--" + knob.name)
              .paramLabel(knob.label)
              .description(knob.description)
              .type(String.class)
              .build());
    }
    for (String end : List.of("left", "right")) {
      for (Knob knob : Knob.values()) {
        command.addOption(
            OptionSpec.builder("--" + end + "-" + knob.name)
                .paramLabel(knob.label)
                .description("the same for what goes out at the " + end)
                .type(String.class)
                .build());
      }
    }
    return command;
  }

  /** Reads one direction. */
  static final class Reader {
    private final CommandLine command;
    private final String end;

    /**
     * @param end "left" or "right"
     */
    Reader(CommandLine command, String end) {
      this.command = command;
      this.end = end;
    }

    /**
     * Puts the options together.
     *
     * @throws InvalidFlagException naming the flag, and saying what to type instead
     */
    LinkProfile profile(boolean ecn, boolean keepOrder, int mtu) {
      Impairment impairment =
          new Impairment(
              read(Knob.DELAY, Units::time, Duration.ZERO),
              read(Knob.JITTER, Units::time, Duration.ZERO),
              read(Knob.LOSS, Units::share, 0.0),
              read(Knob.DUPLICATE, Units::share, 0.0),
              read(Knob.REORDER, Units::share, 0.0),
              read(Knob.CORRUPT, Units::share, 0.0));
      return LinkProfile.NONE
          .with(impairment)
          .with(read(Knob.GEMODEL, PathOptions::burstLoss, BurstLoss.NONE))
          .with(bottleneck(impairment, ecn, mtu))
          .withInOrder(keepOrder);
    }

    private Bottleneck bottleneck(Impairment impairment, boolean ecn, int mtu) {
      long rate = read(Knob.RATE, PathOptions::rate, 0L);
      Duration there = impairment.delay().multipliedBy(2);
      long product = Math.max(Bottleneck.product(rate, there), MIN_QUEUE_PACKETS * mtu);
      long queue = read(Knob.QUEUE, PathOptions::queue, rate == 0 ? Long.MAX_VALUE : product);
      QueueDiscipline discipline =
          read(Knob.AQM, PathOptions::discipline, QueueDiscipline.TAIL_DROP);
      if (rate == 0 && (queue != Long.MAX_VALUE || discipline != QueueDiscipline.TAIL_DROP)) {
        throw new InvalidFlagException(
            "--queue", "without a rate nothing ever waits; add one, as in --rate 20mbit", null);
      }
      return Bottleneck.tailDrop(rate, queue).with(discipline, ecn);
    }

    private <T> T read(Knob knob, Function<String, T> parser, T otherwise) {
      String own = "--" + end + "-" + knob.name;
      String flag = value(own) == null ? "--" + knob.name : own;
      String text = value(flag);
      try {
        return text == null ? otherwise : parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new InvalidFlagException(flag, e.getMessage(), e);
      }
    }

    private String value(String flag) {
      return command.getCommandSpec().findOption(flag).getValue();
    }
  }

  private static long rate(String text) {
    long rate = Units.rate(text);
    if (rate == 0 || rate > Bottleneck.MAX_BITS_PER_SECOND) {
      throw new IllegalArgumentException("'" + text + "' does not do; type 1kbit to 1000gbit");
    }
    return rate;
  }

  private static long queue(String text) {
    long bytes = Units.bytes(text);
    if (bytes == 0) {
      throw new IllegalArgumentException("a queue of 0 holds nothing; type a size such as 125kB");
    }
    return bytes;
  }

  static BurstLoss burstLoss(String text) {
    List<Double> numbers = Arrays.stream(text.split(",", -1)).map(Units::share).toList();
    if (numbers.size() < 2 || numbers.size() > MAX_GEMODEL_NUMBERS) {
      throw new IllegalArgumentException(
          "two to four shares are needed, as in 1%,25% or 1%,25%,70%,0.1%; got '" + text + "'");
    }
    double inBad = numbers.size() > 2 ? numbers.get(2) : 1;
    double inGood = numbers.size() > 3 ? numbers.get(3) : 0;
    return new BurstLoss(numbers.get(0), numbers.get(1), inBad, inGood);
  }

  static QueueDiscipline discipline(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> QueueDiscipline.TAIL_DROP;
      case "codel" -> QueueDiscipline.CODEL;
      case "red" -> QueueDiscipline.RED;
      default ->
          throw new IllegalArgumentException("'" + text + "' does not do; type none, codel or red");
    };
  }
}
