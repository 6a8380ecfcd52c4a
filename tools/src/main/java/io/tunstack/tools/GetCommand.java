package io.tunstack.tools;

import io.tunstack.http.client.ClientLimits;
import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpUrl;
import io.tunstack.http.client.HttpUrl.InvalidUrlException;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import io.tunstack.tun.TunException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tunstack get}: asks a server for something, with a device of its own for that. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Asks an HTTP server for URL, through this stack instead of the kernel's: makes a TUN device"
          + " for the one request, and writes the response's body.",
      "A server of this machine is reached at any address of the machine but 127.0.0.1; one of"
          + " another machine, if this one forwards packets.",
    },
    footer = {
      "",
      "Exit codes are curl's: 0 done, 1 protocol not spoken here, 2 usage, 3 malformed URL, 6 host"
          + " name not resolved, 7 no connection, 8 strange reply, 18 partial body, 22 HTTP error"
          + " with --fail, 23 cannot write, 26 cannot read, 28 timed out, 52 empty reply, 56 cannot"
          + " receive. Besides: 125 no device, 126 no device for want of a privilege.",
    })
final class GetCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(GetCommand.class);

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  /** A year: more than any time-out needs, and its nanoseconds fit a long. */
  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(365L * 24 * 60 * 60);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "what to ask for: http://ADDRESS[:PORT][/PATH]")
  private String url;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "-",
      description = "where the body goes; - is the standard output (default: -)")
  private String output;

  @Option(
      names = {"-v", "--verbose"},
      description = "tell what happens: * news, > request, < response")
  private boolean verbose;

  @Option(
      names = "--tun",
      paramLabel = "NAME",
      defaultValue = "",
      description = "the device's name (default: tunstack-get1, or the next that is free)")
  private String tun;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS/BITS",
      defaultValue = "",
      description =
          "the stack's address and the length of its network's prefix (default: 10.77.1.2/24, or"
              + " of the next network that is free)")
  private String address;

  @Option(
      names = {"-m", "--max-time"},
      paramLabel = "SECONDS",
      description = "how long it may take all in all (default: no limit)")
  private BigDecimal maxTime;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      description = "how long the handshake may take (default: 60)")
  private BigDecimal connectTimeout;

  @Option(
      names = {"-f", "--fail"},
      description = "on a status of 400 and more write nothing and end with 22")
  private boolean fail;

  @Option(
      names = {"-i", "--include"},
      description = "write the response's head too")
  private boolean include;

  @Option(
      names = {"-I", "--head"},
      description = "ask for the head only (HEAD), and write it")
  private boolean head;

  @Option(
      names = {"-X", "--request"},
      paramLabel = "METHOD",
      defaultValue = "",
      description = "the method (default: GET, with -I HEAD, with -d POST)")
  private String method;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "HEADER",
      description = "a header to send, 'Name: value'; 'Name:' leaves out one of our own")
  private List<String> headers = List.of();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "DATA",
      description = "send this as a form; @FILE a file's content without line breaks; @- the input")
  private List<String> data = List.of();

  @Option(names = "--data-binary", paramLabel = "DATA", description = "as -d, but a file as it is")
  private List<String> binary = List.of();

  @Option(
      names = {"-s", "--silent"},
      description = "say nothing when it fails; the exit code does")
  private boolean silent;

  @Option(
      names = {"-S", "--show-error"},
      description = "with -s, say it all the same")
  private boolean showError;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Talk talk = new Talk(err, verbose);
    try (GetOutput out = new GetOutput(output, include || head, fail)) {
      HttpUrl target = target();
      InetSocketAddress remote = remote(target);
      ClientRequest request = GetRequest.of(target, method, head, headers, data, binary);
      // Before there is a device: nobody needs to be root to be told of a flag.
      ClientLimits limits = limits();
      new Get(talk, out).run(device(), remote, request, limits);
      return CurlCode.OK;
    } catch (InvalidFlagException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (GetFailure e) {
      LOG.debug("get ends", e);
      if (!silent || showError || e.code() >= CurlCode.SET_UP) {
        err.println("tunstack: (" + e.code() + ") " + e.getMessage());
      }
      return e.code();
    }
  }

  private HttpUrl target() throws GetFailure {
    try {
      return HttpUrl.parse(url);
    } catch (InvalidUrlException e) {
      int code = e.isOtherScheme() ? CurlCode.UNSUPPORTED_PROTOCOL : CurlCode.MALFORMED_URL;
      throw new GetFailure(code, e.getMessage(), e);
    }
  }

  private static InetSocketAddress remote(HttpUrl target) throws GetFailure {
    InetSocketAddress remote =
        target
            .literalAddress()
            .orElseThrow(
                () ->
                    new GetFailure(
                        CurlCode.NOT_RESOLVED,
                        target.host()
                            + " is not an IPv4 address, and names are not resolved here, since"
                            + " there is no DNS yet. Type the address: getent ahostsv4 "
                            + target.host()));
    if (remote.getAddress().isLoopbackAddress()) {
      throw new GetFailure(
          CurlCode.NOT_CONNECTED,
          target.host()
              + " is the loopback of the kernel, where no packet from a device gets in. Let the"
              + " server listen on all addresses, and use another one of this machine: ip -4"
              + " address");
    }
    return remote;
  }

  private OwnDevice device() throws GetFailure {
    try {
      return OwnDevice.open(tun, address);
    } catch (TunException e) {
      throw new GetFailure(CurlCode.of(e), e.getMessage(), e);
    }
  }

  private ClientLimits limits() {
    ClientLimits.Builder limits = ClientLimits.builder();
    if (maxTime != null) {
      limits.totalTimeout(seconds("--max-time", maxTime));
    }
    if (connectTimeout != null) {
      limits.connectTimeout(seconds("--connect-timeout", connectTimeout));
    }
    return limits.build();
  }

  private static Duration seconds(String flag, BigDecimal value) {
    if (value.signum() <= 0 || value.compareTo(MAX_SECONDS) > 0) {
      throw new InvalidFlagException(
          flag, "seconds are needed, more than 0, as in " + flag + " 2.5; got " + value, null);
    }
    return Duration.ofNanos(Math.max(1, value.multiply(NANOS).longValue()));
  }
}
