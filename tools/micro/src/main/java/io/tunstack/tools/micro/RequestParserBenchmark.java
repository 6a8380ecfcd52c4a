package io.tunstack.tools.micro;

import io.tunstack.http.HttpLimits;
import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.RequestHead;
import io.tunstack.http.wire.RequestParser;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The head of a request, as wrk sends it and as a browser does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestParserBenchmark {
  private static final String SHORT = "GET /hello HTTP/1.1\r\nHost: 10.77.0.2\r\n\r\n";

  private static final String LONG =
      "GET /index.html?page=1 HTTP/1.1\r\n"
          + "Host: 10.77.0.2\r\n"
          + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
          + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
          + "Accept-Language: en-US,en;q=0.5\r\n"
          + "Accept-Encoding: gzip, deflate\r\n"
          + "Connection: keep-alive\r\n"
          + "Upgrade-Insecure-Requests: 1\r\n\r\n";

  @Param({"short", "long"})
  private String which;

  private final RequestParser parser = new RequestParser(HttpLimits.DEFAULT.head());
  private final RequestHead head = new RequestHead();
  private byte[] request;

  @Setup
  public void choose() {
    request = (which.equals("short") ? SHORT : LONG).getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public RequestHead parse() throws BadMessageException {
    if (!parser.parse(request, 0, request.length)) {
      throw new IllegalStateException("the request is complete");
    }
    parser.head(head, request, 0);
    parser.reset();
    return head;
  }
}
