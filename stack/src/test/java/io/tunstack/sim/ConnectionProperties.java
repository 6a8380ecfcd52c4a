package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.link.Fate;
import io.tunstack.link.Impairment;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever applications do and networks do to them, what {@link TwoHosts} checks holds; and the
 * runs in which it was checked were not all the same harmless one.
 */
class ConnectionProperties {
  /** With {@link #advances} below 0.7 s on average this stays short of every time-out. */
  private static final int MAX_OPERATIONS = 30;

  private static final Set<TcpState> STATES = EnumSet.allOf(TcpState.class);

  @Property(edgeCases = EdgeCasesMode.NONE)
  void shouldHoldItsInvariants_whateverHappens(
      @ForAll("setups") Setup setup, @ForAll("operations") List<Operation> operations) {
    try (TwoHosts run = new TwoHosts(setup)) {
      run.apply(operations);
      run.finish();
      collect(run);
    }
    for (TcpState state : STATES) {
      atLeast(state.name(), 10);
    }
    atLeast("sequence numbers wrapped", 30);
    atLeast("loss led to retransmission", 20);
    atLeast("zero window", 4);
    atLeast("fast retransmit", 3);
    atLeast("retransmission time-out", 10);
    atLeast("simultaneous close", 5);
    atLeast("both ended in order", 40);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void shouldDeliverEveryByte_whenTheNetworkIsBad(
      @ForAll("badSetups") Setup setup, @ForAll("streams") List<Operation> operations) {
    try (TwoHosts run = new TwoHosts(setup)) {
      run.apply(operations);
      run.finish();
      collect(run);
    }
    atLeast("sequence numbers wrapped", 45);
    atLeast("loss led to retransmission", 50);
    atLeast("zero window", 8);
    atLeast("fast retransmit", 10);
    // Rarer than losses: most are found by RACK or a tail loss probe before.
    atLeast("retransmission time-out", 20);
    atLeast("both ended in order", 99);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void shouldDoTheSameAgain_whenTheSeedIsTheSame(
      @ForAll("badSetups") Setup setup, @ForAll("operations") List<Operation> operations) {
    long[] fingerprints = new long[2];
    for (int i = 0; i < fingerprints.length; i++) {
      try (TwoHosts run = new TwoHosts(setup)) {
        run.apply(operations);
        run.finish();
        fingerprints[i] = run.fingerprint();
      }
    }
    assertEquals(fingerprints[0], fingerprints[1]);
  }

  // ---- coverage ----------------------------------------------------------------------------

  private static void collect(TwoHosts run) {
    for (TcpState state : STATES) {
      // A listener has no entry of its own; that it was in LISTEN is told by the SYN it took.
      boolean reached = state == TcpState.LISTEN && run.count(Counter.TCP_PASSIVE_OPENS) > 0;
      for (Side side : Side.values()) {
        reached |= run.states(side).seen().contains(state);
      }
      Statistics.label(state.name()).collect(reached);
    }
    boolean retransmitted = run.wire().losses > 0 && run.count(Counter.TCP_RETRANS_SEGS) > 0;
    boolean simultaneous =
        run.states(Side.CLIENT).seen().contains(TcpState.CLOSING)
            && run.states(Side.SERVER).seen().contains(TcpState.CLOSING);
    boolean inOrder = run.app(Side.CLIENT).endSeen && run.app(Side.SERVER).endSeen;
    Statistics.label("sequence numbers wrapped").collect(run.wire().wrapped());
    Statistics.label("loss led to retransmission").collect(retransmitted);
    Statistics.label("zero window").collect(run.wire().zeroWindow);
    Statistics.label("fast retransmit").collect(run.count(Counter.TCP_FAST_RETRANS) > 0);
    Statistics.label("retransmission time-out").collect(run.count(Counter.TCP_TIMEOUTS) > 0);
    Statistics.label("simultaneous close").collect(simultaneous);
    Statistics.label("both ended in order").collect(inOrder);
  }

  private static void atLeast(String label, double percent) {
    Statistics.label(label)
        .coverage(coverage -> coverage.check(true).percentage(share -> share >= percent));
  }

  // ---- what happens ------------------------------------------------------------------------

  @Provide
  Arbitrary<Setup> setups() {
    return setups(Arbitraries.just(Impairment.NONE));
  }

  @Provide
  Arbitrary<Setup> badSetups() {
    Arbitrary<Double> rarely =
        Arbitraries.doubles().between(0, 0.05).withDistribution(RandomDistribution.uniform());
    Arbitrary<Double> loss =
        Arbitraries.doubles().between(0, 0.2).withDistribution(RandomDistribution.uniform());
    Arbitrary<Integer> jitter = uniform(0, 20);
    return setups(
        Combinators.combine(jitter, loss, rarely, rarely, rarely)
            .as(
                (ms, lost, twice, late, wrong) ->
                    new Impairment(
                        Duration.ZERO, Duration.ofMillis(ms), lost, twice, late, wrong)));
  }

  private static Arbitrary<Setup> setups(Arbitrary<Impairment> impairments) {
    Arbitrary<Integer> buffers = Arbitraries.of(1280, 2000, 4096, 10_000, 65_536, 200_000);
    Arbitrary<Integer> belowWrap = uniform(1, 10_000);
    Arbitrary<Integer> wraps = Arbitraries.of(0, Integer.MIN_VALUE);
    Arbitrary<Boolean> evenly = Arbitraries.of(true, false);
    Arbitrary<Boolean> usually = Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false));
    return Combinators.combine(
            Combinators.combine(Arbitraries.longs(), uniform(0, 50), impairments).as(Tuple::of),
            Arbitraries.of(576, 1500, 296, 9000),
            Combinators.combine(buffers, buffers).as(Tuple::of),
            Combinators.combine(usually, usually, usually, evenly, usually).as(Tuple::of),
            Combinators.combine(wraps, belowWrap, belowWrap).as(Tuple::of))
        .as(
            (base, mtu, buffer, flags, below) ->
                new Setup(
                    base.get1(),
                    base.get2(),
                    base.get3(),
                    mtu,
                    buffer.get1(),
                    buffer.get2(),
                    flags.get1(),
                    flags.get2(),
                    flags.get3(),
                    flags.get4(),
                    flags.get5(),
                    below.get1(),
                    below.get2(),
                    below.get3()));
  }

  @Provide
  Arbitrary<List<Operation>> operations() {
    Arbitrary<Side> side = Arbitraries.of(Side.class);
    Arbitrary<Operation> any =
        Arbitraries.frequencyOf(
            Tuple.of(20, writes(side)),
            Tuple.of(20, advances()),
            Tuple.of(8, side.map(Operation.PauseReading::new)),
            Tuple.of(2, side.map(Operation.ResumeReading::new)),
            Tuple.of(4, reads(side)),
            Tuple.of(3, buffers(side)),
            Tuple.of(3, side.map(Operation.Shutdown::new)),
            Tuple.of(1, side.map(Operation.Close::new)),
            Tuple.of(1, side.map(Operation.Abort::new)),
            Tuple.of(10, fates(side)),
            Tuple.of(1, side.map(Operation.PathDown::new)),
            Tuple.of(2, side.map(Operation.PathUp::new)));
    return lists(any);
  }

  @Provide
  Arbitrary<List<Operation>> streams() {
    Arbitrary<Side> side = Arbitraries.of(Side.class);
    Arbitrary<Operation> any =
        Arbitraries.frequencyOf(
            Tuple.of(6, writes(side)),
            Tuple.of(6, advances()),
            Tuple.of(2, side.map(Operation.PauseReading::new)),
            Tuple.of(1, side.map(Operation.ResumeReading::new)),
            Tuple.of(2, reads(side)),
            Tuple.of(1, buffers(side)));
    return lists(any);
  }

  /** All lengths alike: jqwik's own choice prefers lists in which nothing happens. */
  private static Arbitrary<List<Operation>> lists(Arbitrary<Operation> any) {
    return any.list()
        .ofMinSize(1)
        .ofMaxSize(MAX_OPERATIONS)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<Integer> uniform(int from, int to) {
    return Arbitraries.integers().between(from, to).withDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<Operation> writes(Arbitrary<Side> side) {
    Arbitrary<Integer> bytes = Arbitraries.oneOf(uniform(1, 100), uniform(100, 30_000));
    return Combinators.combine(side, bytes).as(Operation.Write::new);
  }

  private static Arbitrary<Operation> reads(Arbitrary<Side> side) {
    Arbitrary<Integer> bytes = uniform(1, 5_000);
    return Combinators.combine(side, bytes).as(Operation.Read::new);
  }

  private static Arbitrary<Operation> buffers(Arbitrary<Side> side) {
    Arbitrary<Integer> bytes = Arbitraries.of(1280, 3000, 10_000, 70_000, 300_000);
    return Combinators.combine(side, bytes, bytes).as(Operation.SetBuffers::new);
  }

  /** Short enough that a whole list stays below every time-out that ends a connection. */
  private static Arbitrary<Operation> advances() {
    return Arbitraries.oneOf(uniform(1, 60), uniform(60, 1_000)).map(Operation.Advance::new);
  }

  private static Arbitrary<Operation> fates(Arbitrary<Side> side) {
    Arbitrary<Fate> fate =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(Fate.DELIVER)),
            Tuple.of(2, Arbitraries.just(Fate.DROP)),
            Tuple.of(1, Arbitraries.just(Fate.DUPLICATE)),
            Tuple.of(1, uniform(1, 400).map(ms -> Fate.delayed(Duration.ofMillis(ms).toNanos()))),
            Tuple.of(1, uniform(0, 12_000).map(Fate::corrupted)));
    return Combinators.combine(side, fate.list().ofMinSize(1).ofMaxSize(8))
        .as(Operation.SetFates::new);
  }
}
