package io.tunstack.tools;

import io.tunstack.http.HttpServer;
import io.tunstack.http.SlowResponses;
import io.tunstack.http.routes.TunstackRoutes;
import io.tunstack.net.Sockets;
import io.tunstack.tcp.TcpInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What the daemon serves: the HTTP server with the routes that README.md lists. */
final class WebSite implements Daemon.Application {
  private static final String OFFLOAD_FALLBACKS = "TunOffloadFallbacks";

  /** Pages that may wait for the worker; whoever asks for more is told to come again. */
  private static final int MAX_WAITING_PAGES = 64;

  private static final long WORKER_IDLE_SECONDS = 10;

  private final int port;
  private final boolean offloadFellBack;

  /** Makes what would hold the engine up. */
  private final Executor workers;

  /** The site's parts on all engines, this one among them. */
  private final List<WebSite> parts;

  /** These two are set on the engine thread, by {@link #start}; other parts read them. */
  private volatile HttpServer server;

  private volatile Sockets sockets;

  /** Runs commands on this part's engine thread; set before the server, for other parts. */
  private volatile Executor engine = Runnable::run;

  /**
   * A site in one part whose thread does everything itself, for {@link #start(Sockets)}.
   *
   * @param offloadFellBack offload was asked for and the kernel did not have it
   */
  WebSite(int port, boolean offloadFellBack) {
    this(port, offloadFellBack, Runnable::run, new ArrayList<>());
    parts.add(this);
  }

  private WebSite(int port, boolean offloadFellBack, Executor workers, List<WebSite> parts) {
    this.port = port;
    this.offloadFellBack = offloadFellBack;
    this.workers = workers;
    this.parts = parts;
  }

  /**
   * Makes a site of a part on each engine, which show what all of them count.
   *
   * @param offloadFellBack offload was asked for and the kernel did not have it
   */
  static IntFunction<Daemon.Application> perEngine(int port, boolean offloadFellBack) {
    return perEngine(port, offloadFellBack, task -> Worker.POOL.execute(task));
  }

  static IntFunction<Daemon.Application> perEngine(
      int port, boolean offloadFellBack, Executor workers) {
    List<WebSite> parts = new CopyOnWriteArrayList<>();
    return engine -> {
      WebSite part = new WebSite(port, offloadFellBack, workers, parts);
      parts.add(part);
      return part;
    };
  }

  @Override
  public void start(Sockets own, Executor ownEngine) {
    engine = ownEngine;
    start(own);
  }

  @Override
  public void start(Sockets own) {
    sockets = own;
    long begun = sockets.clock().nanos();
    server =
        HttpServer.of(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    this::counters,
                    this::gauges,
                    this::connections,
                    () -> own.clock().nanos() - begun),
                SlowResponses.of(workers, engine)));
    server.listen(own, port);
  }

  /**
   * What all engines count together. The others count on meanwhile: of theirs this may miss the
   * latest, which no sum of moving things can help.
   */
  private Map<String, Long> counters() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (WebSite part : started()) {
      add(all, part.sockets.counters());
      add(all, part.server.counterSnapshot());
    }
    all.put(OFFLOAD_FALLBACKS, offloadFellBack ? 1L : 0L);
    return all;
  }

  /** Asks every engine for its connections; the answer comes on this one's thread. */
  private void connections(Consumer<List<TcpInfo>> whoAsks) {
    List<WebSite> asked = started();
    List<TcpInfo> all = new ArrayList<>();
    AtomicInteger missing = new AtomicInteger(asked.size());
    for (WebSite part : asked) {
      if (part == this) {
        collect(all, sockets.connections(), missing, whoAsks);
      } else {
        part.engine.execute(
            () -> {
              List<TcpInfo> its = part.sockets.connections();
              engine.execute(() -> collect(all, its, missing, whoAsks));
            });
      }
    }
  }

  /** Runs on this part's engine thread only. */
  private static void collect(
      List<TcpInfo> all,
      List<TcpInfo> some,
      AtomicInteger missing,
      Consumer<List<TcpInfo>> whoAsks) {
    all.addAll(some);
    if (missing.decrementAndGet() == 0) {
      whoAsks.accept(all);
    }
  }

  private Map<String, Long> gauges() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (WebSite part : started()) {
      add(all, part.sockets.gauges());
      all.merge("HttpConnections", (long) part.server.openConnections(), Long::sum);
    }
    return all;
  }

  private List<WebSite> started() {
    return parts.stream().filter(part -> part.server != null).toList();
  }

  private static void add(Map<String, Long> sum, Map<String, Long> counts) {
    counts.forEach((name, count) -> sum.merge(name, count, Long::sum));
  }

  @Override
  public void drain() {
    server.close();
  }

  /**
   * A thread that is there while it has something to do, and made when it has for the first time.
   */
  private static final class Worker {
    static final ThreadPoolExecutor POOL =
        new ThreadPoolExecutor(
            1,
            1,
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING_PAGES),
            Worker::thread);

    static {
      POOL.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
      Thread thread = new Thread(work, "tunstack-worker");
      thread.setDaemon(true);
      return thread;
    }
  }
}
