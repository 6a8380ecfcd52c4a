package io.tunstack.tools;

import io.tunstack.link.QueueDiscipline;
import io.tunstack.tcp.CongestionControls;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tunstack experiment}: how TCP does on paths of every kind, on virtual time. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Lets flows share a bottleneck in a simulation and prints a line of CSV for each run: every"
          + " combination of what the options list. The same options give the same lines. Where"
          + " several flows share the path, hosts take up to a packet's time longer, at random:"
          + " phase effects would decide who loses.",
      "",
      "  tunstack experiment --rate 20mbit,100mbit --delay 25ms --loss 0%%,1%% --seed 1-7",
      "  tunstack experiment --flows 2 --rate 50mbit --delay 20ms --time 60s --plot figures",
      "",
    })
final class ExperimentCommand implements Callable<Integer> {
  private static final int MAX_FLOWS = 1000;

  @Spec private CommandSpec spec;

  @Option(names = "--cc", paramLabel = "NAMES", description = "congestion control of the senders")
  private String cc = CongestionControls.DEFAULT;

  @Option(
      names = "--rate",
      paramLabel = "RATES",
      defaultValue = "20mbit",
      description = "of the bottleneck")
  private String rate;

  @Option(
      names = "--delay",
      paramLabel = "TIMES",
      defaultValue = "25ms",
      description = "of each direction")
  private String delay;

  @Option(
      names = "--jitter",
      paramLabel = "TIMES",
      defaultValue = "0ms",
      description = "of each direction; nothing is overtaken by it")
  private String jitter;

  @Option(
      names = "--loss",
      paramLabel = "SHARES",
      defaultValue = "0%",
      description = "of the data packets")
  private String loss;

  @Option(
      names = "--reorder",
      paramLabel = "SHARES",
      defaultValue = "0%",
      description = "of the data packets that others overtake")
  private String reorder;

  @Option(
      names = "--buffer",
      paramLabel = "NUMBERS",
      defaultValue = "1",
      description = "in front of the bottleneck, in parts of rate times round trip")
  private String buffer;

  @Option(
      names = "--aqm",
      paramLabel = "NAME",
      defaultValue = "none",
      description = "who keeps it short: none, codel or red")
  private String aqm;

  @Option(
      names = "--flows",
      paramLabel = "NUMBERS",
      defaultValue = "1",
      description = "how many at once")
  private String flows;

  @Option(
      names = "--bytes",
      paramLabel = "SIZES",
      defaultValue = "0B",
      description = "that each flow transfers; 0B for as many as it can")
  private String bytes;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "how long at most")
  private String time;

  @Option(
      names = "--seed",
      paramLabel = "NUMBERS",
      defaultValue = "1",
      description = "such as 1-7 or 3,9")
  private String seed;

  @Option(
      names = "--plot",
      paramLabel = "FOLDER",
      description = "where to put figures (SVG) and what they show (CSV) of every run")
  private Path plot;

  @Option(names = "--summary", description = "print means over all runs instead of a line for each")
  private boolean summary;

  @Override
  public Integer call() throws IOException {
    List<Scenario> scenarios = scenarios();
    PrintWriter out = spec.commandLine().getOut();
    if (plot != null) {
      Files.createDirectories(plot);
    }
    if (!summary) {
      out.println(Scenario.CSV_HEADER + "," + Outcome.CSV_HEADER);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      Outcome outcome = play(scenario);
      outcomes.add(outcome);
      if (!summary) {
        out.println(scenario.csv() + "," + outcome.csv());
        out.flush();
      }
    }
    if (summary) {
      summarize(outcomes, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private Outcome play(Scenario scenario) {
    try (ScenarioRun run = new ScenarioRun(scenario)) {
      if (plot == null) {
        return run.play();
      }
      Series series = new Series();
      Outcome outcome = run.play(series);
      draw(scenario, series, outcome);
      return outcome;
    }
  }

  private void draw(Scenario scenario, Series series, Outcome outcome) {
    double seconds =
        (outcome.completionNanos() > 0 ? outcome.completionNanos() : scenario.time().toNanos())
            / 1e9;
    String name = scenario.fileName();
    try {
      Files.writeString(plot.resolve(name + ".svg"), Figure.overTime(scenario, series, seconds));
      Files.writeString(
          plot.resolve(name + "-sequence.svg"), Figure.timeSequence(scenario, series, seconds));
      Files.write(
          plot.resolve(name + ".csv"),
          Stream.concat(
                  Stream.of(Series.CSV_HEADER), series.samples().stream().map(Series.Sample::csv))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("--plot: cannot write to " + plot, e);
    }
  }

  private static void summarize(List<Outcome> outcomes, PrintWriter out) {
    out.println("runs " + outcomes.size());
    mean(out, "goodput, Mbit/s", outcomes, outcome -> outcome.goodput() / 1e6);
    mean(out, "slowest flow, Mbit/s", outcomes, outcome -> outcome.slowest() / 1e6);
    mean(out, "fastest flow, Mbit/s", outcomes, outcome -> outcome.fastest() / 1e6);
    mean(out, "Jain's index", outcomes, Outcome::jain);
    mean(out, "queueing delay, ms", outcomes, outcome -> outcome.meanQueueNanos() / 1e6);
    out.println("segments " + outcomes.stream().mapToLong(Outcome::segments).sum());
    out.println("retransmits " + outcomes.stream().mapToLong(Outcome::retransmits).sum());
    out.println("timeouts " + outcomes.stream().mapToLong(Outcome::timeouts).sum());
    out.println(
        "runs with a retransmit " + outcomes.stream().filter(o -> o.retransmits() > 0).count());
  }

  private static void mean(
      PrintWriter out, String name, List<Outcome> outcomes, ToDoubleFunction<Outcome> value) {
    double mean = outcomes.stream().mapToDouble(value).average().orElse(0);
    out.println(String.format(Locale.ROOT, "mean of %s: %.4f", name, mean));
  }

  /** Every combination of what the options list, the seeds innermost. */
  private List<Scenario> scenarios() {
    List<Long> seeds = read("--seed", seed, ExperimentCommand::numbers);
    Duration end = read("--time", time, Units::time);
    QueueDiscipline discipline = read("--aqm", aqm, PathOptions::discipline);
    List<Scenario> all = new ArrayList<>();
    for (String name : list("--cc", cc, CongestionControls::require)) {
      for (long bits : list("--rate", rate, ExperimentCommand::rate)) {
        for (Duration oneWay : list("--delay", delay, Units::time)) {
          for (Duration varies : list("--jitter", jitter, Units::time)) {
            for (double lost : list("--loss", loss, Units::share)) {
              for (double reordered : list("--reorder", reorder, Units::share)) {
                for (double parts : list("--buffer", buffer, ExperimentCommand::positive)) {
                  for (long size : list("--bytes", bytes, Units::bytes)) {
                    for (int count : list("--flows", flows, ExperimentCommand::flows)) {
                      for (long each : seeds) {
                        all.add(
                            new Scenario(
                                name,
                                each,
                                bits,
                                oneWay,
                                varies,
                                lost,
                                reordered,
                                parts,
                                discipline,
                                count,
                                size,
                                end));
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  private <T> List<T> list(String flag, String text, Function<String, T> parser) {
    return read(
        flag,
        text,
        all -> Arrays.stream(all.split(",", -1)).map(parser).collect(Collectors.toList()));
  }

  private <T> T read(String flag, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      String message = new InvalidFlagException(flag, e.getMessage(), e).getMessage();
      throw new ParameterException(spec.commandLine(), message, e);
    }
  }

  private static long rate(String text) {
    long bits = Units.rate(text);
    if (bits == 0) {
      throw new IllegalArgumentException("nothing passes at '" + text + "'; type 1kbit or more");
    }
    return bits;
  }

  private static double positive(String text) {
    double value = text.matches("[0-9]+(\\.[0-9]+)?") ? Double.parseDouble(text) : 0;
    if (value <= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' does not do; type a number above 0, such as 0.25 or 1");
    }
    return value;
  }

  private static int flows(String text) {
    int count = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (count < 1 || count > MAX_FLOWS) {
      throw new IllegalArgumentException("'" + text + "' does not do; type 1 to " + MAX_FLOWS);
    }
    return count;
  }

  /** Numbers and ranges: 1,3,5-7. */
  static List<Long> numbers(String text) {
    List<Long> found = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
        throw new IllegalArgumentException(
            "'" + text + "' does not do; type numbers or ranges, such as 1-7 or 3,9");
      }
      int dash = part.indexOf('-');
      long first = Long.parseLong(dash < 0 ? part : part.substring(0, dash));
      long last = dash < 0 ? first : Long.parseLong(part.substring(dash + 1));
      LongStream.rangeClosed(first, last).forEach(found::add);
    }
    return found;
  }
}
