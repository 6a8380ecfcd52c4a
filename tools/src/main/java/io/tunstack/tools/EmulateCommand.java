package io.tunstack.tools;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.BurstLoss;
import io.tunstack.link.DelayLine;
import io.tunstack.link.Impairment;
import io.tunstack.link.LineStatistics;
import io.tunstack.link.LinkProfile;
import io.tunstack.link.QueueDiscipline;
import io.tunstack.time.SystemClock;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunPair;
import io.tunstack.tun.TunPort;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tunstack emulate}: a bad path between two TUN devices, in real time. */
@Command(
    name = "emulate",
    mixinStandardHelpOptions = true,
    modelTransformer = PathOptions.class,
    sortOptions = false,
    description = {
      "Makes two TUN devices and carries packets from each to the other over an emulated path:"
          + " rate, queue, delay, loss and the rest. Whose kernels talk over it does not matter:"
          + " move the devices into other network namespaces, give them addresses there, or leave"
          + " one to tunstack.",
      "What becomes of a packet follows from the seed, its flow and its number in the flow.",
      "Prints 'ready' when it carries packets. SIGTERM and SIGINT print what has become of them,"
          + " remove the devices and end with exit code 0.",
      "",
      "  tunstack emulate --left ta --right tb --rate 20mbit --delay 25ms --loss 1%% --queue 125kB",
      "",
    })
final class EmulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--left",
      paramLabel = "NAME",
      required = true,
      description = "one device's name, up to 15 characters")
  private String left;

  @Option(names = "--right", paramLabel = "NAME", required = true, description = "the other one's")
  private String right;

  @Option(
      names = "--mtu",
      paramLabel = "BYTES",
      defaultValue = "1500",
      description = "the largest packet, 68 to 65535 (default: 1500)")
  private int mtu;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "what is random follows from it (default: 1)")
  private long seed;

  @Option(
      names = "--keep-order",
      description = "jitter makes packets late without letting them overtake each other")
  private boolean keepOrder;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      description = {
        "when the machine is later than this with a packet, the path's time stands still with it:"
            + " packets come later then, but not all at once (default: it never does)"
      })
  private String patience;

  @Option(names = "--ecn", description = "--aqm marks packets that can be marked (RFC 3168)")
  private boolean ecn;

  @Override
  public Integer call() {
    TunConfig leftConfig = device("--left", left);
    TunConfig rightConfig = device("--right", right);
    if (left.equals(right)) {
      throw usage("--right: the devices need two names; both are '" + left + "'");
    }
    DelayLine toRight = new DelayLine(profile("left"), 2 * seed);
    DelayLine toLeft = new DelayLine(profile("right"), 2 * seed + 1);
    PrintWriter out = spec.commandLine().getOut();
    EmulationRehearsal.run(toRight.profile(), toLeft.profile());
    TunPair pair = TunPair.open(leftConfig, rightConfig);
    Emulation emulation =
        new Emulation(
            new SystemClock(),
            patienceNanos(),
            end(pair.left()),
            end(pair.right()),
            toRight,
            toLeft);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopAsked(emulation, pair, ended, out), "tunstack-stop"));
    out.println(left + " to " + right + ": " + describe(toRight.profile()));
    out.println(right + " to " + left + ": " + describe(toLeft.profile()));
    out.println("To let two network namespaces A and B talk over it:");
    out.println("  ip link set " + left + " netns A; ip link set " + right + " netns B");
    out.println("and give " + left + " and " + right + " addresses there, and set them up.");
    out.println("ready");
    out.flush();
    try {
      emulation.run(pair::await);
    } finally {
      out.println(left + " to " + right + ": " + describe(toRight.statistics(), pair.right()));
      out.println(right + " to " + left + ": " + describe(toLeft.statistics(), pair.left()));
      if (emulation.stalls() > 0) {
        out.println(
            "the path's time stood still "
                + emulation.stalls()
                + " times, for "
                + Units.showMillis(emulation.stalledNanos())
                + " in all");
      }
      out.flush();
      pair.close();
      ended.countDown();
    }
    return ExitCode.OK;
  }

  /** Runs when a signal ends the JVM, and also when {@link Main} does; see {@link UpCommand}. */
  private static void stopAsked(
      Emulation emulation, TunPair pair, CountDownLatch ended, PrintWriter out) {
    if (ended.getCount() == 0) {
      return;
    }
    emulation.stop();
    pair.wakeup();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.println("stopped");
    out.flush();
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private static Emulation.End end(TunPort port) {
    return new Emulation.End(port::receive, port::send);
  }

  private long patienceNanos() {
    if (patience == null) {
      return Long.MAX_VALUE;
    }
    try {
      return Units.time(patience).toNanos();
    } catch (IllegalArgumentException e) {
      throw usage(new InvalidFlagException("--patience", e.getMessage(), e).getMessage());
    }
  }

  private TunConfig device(String flag, String name) {
    try {
      return TunConfig.builder().name(name).mtu(mtu).build();
    } catch (IllegalArgumentException e) {
      throw usage((e.getMessage().contains("MTU") ? "--mtu" : flag) + ": " + e.getMessage());
    }
  }

  private LinkProfile profile(String end) {
    try {
      return new PathOptions.Reader(spec.commandLine(), end).profile(ecn, keepOrder, mtu);
    } catch (InvalidFlagException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Says what a direction is like. */
  static String describe(LinkProfile profile) {
    List<String> parts = new ArrayList<>();
    Bottleneck bottleneck = profile.bottleneck();
    Impairment impairment = profile.impairment();
    if (bottleneck.bitsPerSecond() > 0) {
      parts.add(Units.showRate(bottleneck.bitsPerSecond()));
      parts.add("queue " + bottleneck.queueBytes() + " bytes" + discipline(bottleneck));
    }
    parts.add("delay " + Units.showMillis(impairment.delay().toNanos()));
    if (!impairment.jitter().isZero()) {
      parts.add("jitter " + Units.showMillis(impairment.jitter().toNanos()));
    }
    add(parts, "loss ", impairment.loss());
    if (!profile.burstLoss().equals(BurstLoss.NONE)) {
      add(parts, "bursts lose ", profile.burstLoss().longRunShare());
    }
    add(parts, "duplicated ", impairment.duplication());
    add(parts, "reordered ", impairment.reordering());
    add(parts, "corrupted ", impairment.corruption());
    return String.join(", ", parts);
  }

  private static String discipline(Bottleneck bottleneck) {
    if (bottleneck.discipline() == QueueDiscipline.TAIL_DROP) {
      return "";
    }
    String name = bottleneck.discipline().name().toLowerCase(Locale.ROOT);
    return " with " + name + (bottleneck.ecn() ? ", ecn" : "");
  }

  private static void add(List<String> parts, String name, double share) {
    if (share > 0) {
      parts.add(name + Units.showShare(share));
    }
  }

  private static String describe(LineStatistics counts, TunPort target) {
    return counts.offered()
        + " packets ("
        + counts.offeredBytes()
        + " bytes) in, "
        + counts.delivered()
        + " ("
        + counts.deliveredBytes()
        + " bytes) out\n  lost "
        + counts.lost()
        + ", in bursts "
        + counts.lostInBursts()
        + ", queue full "
        + counts.queueDropped()
        + ", dropped early "
        + counts.earlyDropped()
        + ", too much under way "
        + counts.overflowed()
        + ", refused by "
        + target.name()
        + " "
        + target.refused()
        + "\n  marked "
        + counts.marked()
        + ", duplicated "
        + counts.duplicated()
        + ", corrupted "
        + counts.corrupted()
        + ", held back "
        + counts.heldBack()
        + "\n  queue: at most "
        + counts.maxQueueBytes()
        + " bytes; waited "
        + Units.showMillis(counts.meanSojournNanos())
        + " on average, "
        + Units.showMillis(counts.maxSojournNanos())
        + " at most";
  }
}
