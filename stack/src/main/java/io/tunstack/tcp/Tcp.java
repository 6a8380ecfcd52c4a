package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.IcmpError;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.ip.Transport;
import io.tunstack.memory.SlabPool;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Seq;
import io.tunstack.wire.SipHash;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * TCP of one stack: finds whom a segment is for, and keeps the lists of connections that have
 * something to tell or to send. Engine thread only.
 */
public final class Tcp implements Transport {
  private final Ipv4 ipv4;
  private final Ownership ownership;
  private final TimerWheel wheel;
  private final SlabPool slabs;
  private final TcpConfig config;
  private final Counters counters;
  private final SegmentWriter writer;
  private final TupleTable table;
  private final TimeWait timeWait;
  private final Opens opens;
  private final Handshake handshake;
  private final SegmentArrives segmentArrives;
  private final Segment segment = new Segment();
  private final AckSample ackSample = new AckSample();
  private final Acknowledgments acknowledgments = new Acknowledgments();
  private final TimeOuts timeOuts;
  private final Workspace workspace;
  private final LongSupplier clock;
  private final LongSupplier random;
  private final ConnectionOptions defaultOptions;
  private final long delayedAckNanos;

  /** Those that TCP is done with, while their applications may still have text to read. */
  private final Set<TcpConnection> unread = new HashSet<>();

  /** Null until there is one; stays when it is closed. */
  private Forwarding forwarding;

  private SegmentObserver observer;
  private final WorkLists work = new WorkLists(this);
  private boolean closed;

  /**
   * Makes TCP on top of an IP layer and registers it there.
   *
   * @param ipv4 the layer below
   * @param wheel where timers go
   * @param slabs where queues take their memory from
   * @param config the knobs
   * @param counters what is counted
   * @param secrets what outsiders must not guess; asked in the constructor only
   * @param random for what is drawn later on
   * @param clock what an application's calls are timed with, nanoseconds
   */
  public Tcp(
      Ipv4 ipv4,
      TimerWheel wheel,
      SlabPool slabs,
      TcpConfig config,
      Counters counters,
      LongSupplier secrets,
      LongSupplier random,
      LongSupplier clock) {
    this.ipv4 = ipv4;
    this.wheel = wheel;
    this.slabs = slabs;
    this.workspace = new Workspace(slabs, config);
    this.timeOuts = new TimeOuts(this);
    this.config = config;
    this.counters = counters;
    this.clock = clock;
    this.random = random;
    this.defaultOptions = ConnectionOptions.of(config);
    this.delayedAckNanos = config.delayedAck().toNanos();
    this.writer = new SegmentWriter(ipv4, counters);
    this.table = new TupleTable(new SipHash(secrets.getAsLong(), secrets.getAsLong()));
    this.ownership = new Ownership(ipv4, table, counters);
    this.timeWait = new TimeWait(this, table);
    SipHash portKeys = new SipHash(secrets.getAsLong(), secrets.getAsLong());
    EphemeralPorts ports =
        new EphemeralPorts(portKeys, ipv4.siblings().index(), ipv4.siblings().count());
    long k0 = secrets.getAsLong();
    long k1 = secrets.getAsLong();
    IsnGenerator isns = new IsnGenerator(k0, k1);
    // Keys of their own, derived, so that a cookie says nothing about other sequence numbers.
    SipHash keys = new SipHash(k1, k0);
    SynCookies cookies =
        new SynCookies(
            new SipHash(keys.hash(1, 0), keys.hash(2, 0)),
            new SipHash(keys.hash(3, 0), keys.hash(4, 0)));
    this.handshake = new Handshake(this, ipv4, isns, cookies);
    this.opens = new Opens(this, ipv4, handshake, table, ports);
    this.segmentArrives = new SegmentArrives(this);
  }

  @Override
  public int protocol() {
    return TcpView.PROTOCOL;
  }

  // ---- the user's calls --------------------------------------------------------------------

  /**
   * OPEN, passive (RFC 9293 §3.10.1).
   *
   * @param address one of the stack's, or {@link IpAddress#UNSPECIFIED} for all of them
   * @param port 1 to 65,535, or 0 for one that is free
   * @param backlog complete connections that may wait to be accepted, at least 1; more than 4,096
   *     count as that. Half-open ones are {@link TcpConfig#maxHalfOpen}'s business
   * @param acceptor who takes the connections
   * @return what listens
   * @throws IllegalArgumentException if the address is not the stack's, the port is out of range or
   *     taken, or the backlog is below 1
   * @throws IllegalStateException if every port is taken
   */
  public Listener listen(IpAddress address, int port, int backlog, Acceptor acceptor) {
    return opens.listen(address, port, backlog, acceptor);
  }

  /**
   * OPEN, active (RFC 9293 §3.10.1). The SYN has left when this returns.
   *
   * @param local one of the stack's addresses, or {@link IpAddress#UNSPECIFIED} for the one that
   *     suits the destination (MUST-44)
   * @param localPort 1 to 65,535, or 0 for one that is free (RFC 6056)
   * @param remote whom to connect to
   * @param remotePort 1 to 65,535
   * @param options what it starts with
   * @param handler who hears of it
   * @return the connection, in SYN-SENT
   * @throws IllegalArgumentException if nobody can be connected to there (MUST-46), if {@code
   *     local} is not the stack's, or if a port is out of range or in use
   * @throws IllegalStateException if every port or the cap on connections is used up
   */
  public TcpConnection connect(
      IpAddress local,
      int localPort,
      IpAddress remote,
      int remotePort,
      ConnectionOptions options,
      ConnectionHandler handler) {
    return opens.connect(local, localPort, remote, remotePort, options, handler);
  }

  /**
   * Asks about every SYN that no listener takes, whatever host it is meant for. The stack answers
   * for those hosts then: a segment that belongs to no connection of theirs is answered with a RST.
   *
   * @param maxPending requests that may wait for a decision at once, at least 1
   * @param forwarder who decides
   * @return stops it when closed
   * @throws IllegalArgumentException if {@code maxPending} is below 1
   * @throws IllegalStateException if somebody else is being asked already
   */
  public Forwarding forward(int maxPending, Forwarder forwarder) {
    if (maxPending < 1) {
      throw new IllegalArgumentException("maxPending is " + maxPending + "; use at least 1");
    }
    if (isForwarding()) {
      throw new IllegalStateException("this stack has a TCP forwarder; close that one first");
    }
    forwarding = new Forwarding(this, ipv4, handshake, maxPending, forwarder);
    ipv4.takeForeign(TcpView.PROTOCOL);
    return forwarding;
  }

  private boolean isForwarding() {
    return forwarding != null && forwarding.isOpen();
  }

  /**
   * Lists every connection and every TIME-WAIT entry.
   *
   * @return snapshots, in no particular order; an entry in TIME-WAIT has its tuple and state only
   */
  public List<TcpInfo> connections() {
    List<TcpInfo> all = new ArrayList<>(table.size());
    table.forEach(
        node -> {
          if (node instanceof TcpConnection c) {
            all.add(c.info());
          } else if (node instanceof TimeWaitEntry entry) {
            all.add(TcpInfo.of(entry.tuple(), TcpState.TIME_WAIT));
          }
        });
    return all;
  }

  /**
   * Tells how many connections there are, those in TIME-WAIT not among them.
   *
   * @return connections
   */
  public int connectionCount() {
    return table.size() - timeWait.size();
  }

  /**
   * Tells how many are in TIME-WAIT.
   *
   * @return entries
   */
  public int timeWaitCount() {
    return timeWait.size();
  }

  /**
   * Asks to be told of every segment.
   *
   * @param newObserver null for nobody
   */
  public void observe(SegmentObserver newObserver) {
    observer = newObserver;
    writer.observe(newObserver);
  }

  // ---- segments ----------------------------------------------------------------------------

  @Override
  public void receive(Ipv4Datagram datagram, long now) {
    DropReason malformed = check(datagram);
    if (malformed != null) {
      counters.increment(Counter.TCP_IN_SEGS);
      counters.drop(malformed);
      return;
    }
    segment.read(datagram);
    TupleNode node =
        table.find(segment.local, segment.localPort, segment.remote, segment.remotePort);
    if (node == null
        && ownership.isShared()
        && ownership.isOthers(segment, datagram, isAwaited())) {
      return;
    }
    counters.add(Counter.TCP_IN_SEGS, segment.count());
    TcpState before = observer == null ? null : observedState(node);
    // What an observer is told is what arrived, not what is left after trimming.
    int seq = segment.seq;
    int length = segment.textLength;
    int flags = segment.flags;
    DropReason drop;
    if (node instanceof TcpConnection c) {
      drop =
          c.state == TcpState.SYN_SENT ? synSent(c, now) : segmentArrives.process(c, segment, now);
      addOwing(c);
    } else if (node instanceof TimeWaitEntry entry) {
      drop = timeWait(entry, now);
    } else if (node instanceof ForwardRequest request) {
      drop = forwarding.segmentArrives(request, segment);
    } else {
      drop = noConnection(null, now);
    }
    if (!(node instanceof TcpConnection)) {
      ownership.releaseIfUnused(segment);
    }
    if (drop != null) {
      counters.drop(drop);
    }
    if (observer != null) {
      tell(seq, flags, length, drop, before, stateAfter(node), now);
    }
    if (workspace.lent.takeOffer()) {
      offer();
    }
  }

  /** What may be lent text is read now: the link's buffer is wanted for the next packet. */
  private void offer() {
    TupleNode node =
        table.find(segment.local, segment.localPort, segment.remote, segment.remotePort);
    if (node instanceof TcpConnection c) {
      work.callBack(c);
    }
    workspace.lent.settle();
  }

  private DropReason check(Ipv4Datagram datagram) {
    ByteBuf buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    int length = datagram.payloadLength();
    if (length < TcpView.MIN_HEADER) {
      return DropReason.TCP_HEADER;
    }
    int header = TcpView.headerLength(buffer, at);
    if (header < TcpView.MIN_HEADER || header > length) {
      return DropReason.TCP_HEADER;
    }
    if (!datagram.needsChecksumVerified()) {
      return null;
    }
    long sum =
        Checksum.pseudoHeader(datagram.source(), datagram.destination(), TcpView.PROTOCOL, length);
    sum = Checksum.combine(sum, Checksum.sum(buffer, at, length), false);
    return Checksum.finish(sum) == 0 ? null : DropReason.TCP_CHECKSUM;
  }

  private DropReason synSent(TcpConnection c, long now) {
    DropReason drop = handshake.synSent(c, segment, now);
    if (drop == null && c.isOpen() && segment.len() > 0) {
      // The SYN,ACK brought text or a FIN along: on with the remaining steps (§3.10.7.3, fourth).
      drop = segmentArrives.process(c, segment, now);
    }
    return drop;
  }

  /** The present segment goes on in a connection that it has brought about. */
  DropReason process(TcpConnection c, long now) {
    addOwing(c);
    return segmentArrives.process(c, segment, now);
  }

  private DropReason noConnection(Integer isnAbove, long now) {
    boolean ours = ipv4.isLocal(segment.local);
    Listener listener = ours ? opens.listeners().find(segment.local, segment.localPort) : null;
    if (listener != null) {
      return handshake.listen(listener, segment, isnAbove, now);
    }
    if (isForwarding() && segment.isRequest()) {
      return forwarding.synArrives(segment, isnAbove, now);
    }
    if (!ours && !isForwarding()) {
      return DropReason.IP_NOT_FOR_US;
    }
    if (!segment.has(TcpView.RST)) {
      writer.resetFor(segment, SendReason.RST_NO_SOCKET, TcpState.CLOSED, now);
    }
    return DropReason.TCP_NO_SOCKET;
  }

  /** Whether a SYN that comes now is somebody's to answer. */
  private boolean isAwaited() {
    return isForwarding() || opens.listeners().find(segment.local, segment.localPort) != null;
  }

  private DropReason timeWait(TimeWaitEntry entry, long now) {
    if (isAwaited() && timeWait.isNewIncarnation(entry, segment)) {
      counters.increment(Counter.TCP_TW_RECYCLED);
      timeWait.giveWay(entry);
      return noConnection(entry.sndNxt, now);
    }
    timeWait.segmentArrives(entry, segment, now);
    return TimeWait.reason();
  }

  @Override
  public void icmpError(IcmpError error, long now) {
    ByteBuf quote = error.buffer();
    int at = error.quoteOffset();
    TupleNode node =
        table.find(
            error.quotedSource(),
            TcpView.sourcePort(quote, at),
            error.quotedDestination(),
            TcpView.destinationPort(quote, at));
    if (node == null && ownership.isOthers(error)) {
      return;
    }
    // RFC 5927 §4.1: whoever cannot quote what is in flight did not see it.
    if (!(node instanceof TcpConnection c)
        || !Seq.inWindow(TcpView.sequence(quote, at), c.snd.sndUna, c.snd.flight())) {
      counters.drop(DropReason.ICMP_IGNORED);
      return;
    }
    if (error.isTooBig()) {
      // Tells nothing about the peer; what is in flight leaves again at the end of the batch.
      ipv4.reducePathMtu(error, now);
      addOwing(c);
      return;
    }
    c.icmpError(IcmpMeaning.isHard(error), IcmpMeaning.reason(error));
  }

  /** How large a packet to the connection's peer may be. */
  int pathMtu(TcpConnection c, long now) {
    return ipv4.pathMtu(c.remote, now);
  }

  /**
   * The state of what the present segment finds: its connection, else a listener if there is one.
   */
  private TcpState observedState(TupleNode node) {
    if (node instanceof TcpConnection c) {
      return c.state;
    }
    if (node != null) {
      return node instanceof TimeWaitEntry ? TcpState.TIME_WAIT : TcpState.LISTEN;
    }
    return isAwaited() ? TcpState.LISTEN : TcpState.CLOSED;
  }

  /** A connection that has ended stays what it was; others may have become one. */
  private TcpState stateAfter(TupleNode node) {
    return observedState(
        node instanceof TcpConnection
            ? node
            : table.find(segment.local, segment.localPort, segment.remote, segment.remotePort));
  }

  private void tell(
      int seq, int flags, int length, DropReason drop, TcpState before, TcpState after, long now) {
    FourTuple tuple =
        new FourTuple(
            new IpAddress(segment.local),
            segment.localPort,
            new IpAddress(segment.remote),
            segment.remotePort);
    observer.onSegment(
        new SegmentEvent(
            drop == null ? SegmentEvent.Direction.RECEIVED : SegmentEvent.Direction.DROPPED,
            now,
            tuple,
            seq,
            segment.ack,
            flags,
            length,
            drop == null ? "" : drop.name(),
            before,
            after));
  }

  // ---- tables ------------------------------------------------------------------------------

  boolean isFull() {
    return closed || connectionCount() >= config.maxConnections();
  }

  void add(TupleNode node) {
    ownership.claim(node);
    table.add(node);
  }

  void remove(TupleNode node) {
    table.remove(node);
    ownership.release(node);
  }

  /** Nobody has the node's tuple any more. */
  void release(TupleNode node) {
    ownership.release(node);
  }

  void forEachNode(Consumer<TupleNode> visitor) {
    table.forEach(visitor);
  }

  void addUnread(TcpConnection c) {
    unread.add(c);
  }

  void removeUnread(TcpConnection c) {
    unread.remove(c);
  }

  void enterTimeWait(TcpConnection c, long now) {
    timeWait.enter(c, now);
  }

  // ---- the end of a batch ------------------------------------------------------------------

  void addReady(TcpConnection c) {
    work.addReady(c);
  }

  void addOwing(TcpConnection c) {
    work.addOwing(c);
  }

  /**
   * Calls the handlers of every connection on the ready list.
   *
   * @return whether any was called
   */
  public boolean runCallbacks() {
    if (forwarding != null) {
      forwarding.ask();
    }
    return work.runCallbacks();
  }

  /**
   * Tells whether a handler waits to be called.
   *
   * @return true if so
   */
  public boolean hasReady() {
    return work.hasReady() || (forwarding != null && forwarding.hasUnasked());
  }

  /**
   * Lets connections that owe output send it, in turns.
   *
   * @param now the clock's nanoseconds
   * @param maxSegments when to stop, roughly; those who have not had their turn keep their place
   * @return whether nobody owes anything any more
   */
  public boolean flushOutput(long now, int maxSegments) {
    return work.flush(now, maxSegments);
  }

  /**
   * Closes every listener and every connection in order, as their applications would: the way a
   * daemon says good-bye. {@link #connectionCount} tells how many are still at it.
   */
  public void closeGracefully() {
    for (Listener listener : opens.listeners().all()) {
      listener.close();
    }
    if (forwarding != null) {
      forwarding.close();
    }
    List<TcpConnection> all = new ArrayList<>();
    table.forEach(
        node -> {
          if (node instanceof TcpConnection c) {
            all.add(c);
          }
        });
    all.forEach(TcpConnection::close);
  }

  /** Aborts every connection and forgets everything; what waits in slabs is given back. */
  public void close() {
    closed = true;
    if (forwarding != null) {
      forwarding.close();
    }
    opens.listeners().all().forEach(opens.listeners()::remove);
    List<TcpConnection> all = new ArrayList<>(unread);
    List<TimeWaitEntry> waiting = new ArrayList<>();
    table.forEach(
        node -> {
          if (node instanceof TcpConnection c) {
            all.add(c);
          } else if (node instanceof TimeWaitEntry entry) {
            waiting.add(entry);
          }
        });
    all.forEach(TcpConnection::abort);
    waiting.forEach(timeWait::forget);
    runCallbacks();
  }

  /**
   * Returns what connections start with unless somebody chooses otherwise.
   *
   * @return what the stack's knobs say
   */
  public ConnectionOptions defaultOptions() {
    return defaultOptions;
  }

  // ---- for the parts -----------------------------------------------------------------------

  Opens opens() {
    return opens;
  }

  TcpConfig config() {
    return config;
  }

  /** How long an acknowledgment may wait for company. */
  long delayedAckNanos() {
    return delayedAckNanos;
  }

  TimerWheel wheel() {
    return wheel;
  }

  SlabPool slabs() {
    return slabs;
  }

  Workspace workspace() {
    return workspace;
  }

  TimeOuts timeOuts() {
    return timeOuts;
  }

  LongSupplier random() {
    return random;
  }

  Acknowledgments acknowledgments() {
    return acknowledgments;
  }

  AckSample ackSample() {
    return ackSample;
  }

  SegmentWriter writer() {
    return writer;
  }

  long now() {
    return clock.getAsLong();
  }

  void count(Counter counter) {
    counters.increment(counter);
  }

  void count(Counter counter, long amount) {
    counters.add(counter, amount);
  }

  void countDrop(DropReason reason) {
    counters.drop(reason);
  }
}
