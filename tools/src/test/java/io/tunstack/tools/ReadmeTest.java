package io.tunstack.tools;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tunstack.tun.TunInfo;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds the README to the truth. */
final class ReadmeTest {
  private static final String README = Modules.text(Modules.ROOT.resolve("README.md"));

  /**
   * What a class would be called that makes a row of the feature table true. A row that says "not"
   * turns false on the day such a class appears, and then this test asks for a better row.
   */
  private static final Map<String, String> EVIDENCE =
      Map.ofEntries(
          Map.entry("TUN device", "tun\\.TunLink"),
          Map.entry("IPv4", "ip\\.(Ipv4|Reassembler|Fragmenter)"),
          Map.entry("ICMP", "ip\\.Icmp"),
          Map.entry("Path-MTU discovery", "tcp\\.PathMss"),
          Map.entry("TCP (RFC 9293)", "tcp\\.SegmentArrives"),
          Map.entry("TCP: NewReno", "tcp\\.NewReno"),
          Map.entry("TCP: keep-alive", "tcp\\.KeepAlive"),
          Map.entry("Non-blocking sockets", "net\\.TcpSocket"),
          Map.entry("Blocking sockets", "net\\.BlockingSocket"),
          Map.entry("HTTP/1.1 server", "http\\.HttpServer"),
          Map.entry("IPv6", ".*\\.(Ipv6|Icmpv6).*"),
          Map.entry("TCP: CUBIC", ".*\\.Cubic.*"),
          Map.entry("TCP: BBR", ".*\\.Bbr.*"),
          Map.entry("TCP: loss recovery by SACK", ".*\\.(Rack|.*Scoreboard|.*LossProbe).*"),
          Map.entry("TCP: SYN cookies", ".*\\.(SynCookie|Cookie).*"),
          Map.entry("UDP sockets", "net\\.(Udp|Datagram).*"),
          Map.entry("DNS resolver", "dns\\..*"),
          Map.entry("`java.net.Socket`", ".*(SelectorProvider|SocketImpl|SocketFactory).*"),
          Map.entry("Segmentation offload", ".*\\.(Vnet|VirtioNet|.*Offload|Gso).*"),
          Map.entry("Several cores", ".*\\.(MultiQueue|EngineGroup|Engines).*"),
          Map.entry("Simulation", "sim\\.Simulation"),
          Map.entry("Links that delay", "link\\.ImpairedLink"),
          Map.entry("Packet capture", ".*\\.(Pcap|Capture).*"),
          Map.entry("Link emulator", "tools\\..*Emulat.*"),
          Map.entry("HTTP client", "http\\.(.*\\.)?.*Client.*"),
          Map.entry("HTTP proxy", "http\\.(.*\\.)?.*Proxy.*"),
          Map.entry("TLS, HTTP/2", ".*\\.(Tls|Http2|WebSocket).*"));

  /** The rows of the table under a header, cell by cell. */
  private static List<List<String>> table(String header) {
    int start = README.indexOf("\n" + header + "\n");
    assertTrue(start >= 0, () -> "README.md has no table " + header);
    return README
        .substring(start + 1)
        .lines()
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  private static String unquoted(String cell) {
    return cell.replace("`", "");
  }

  @Test
  void shouldListEveryOptionWithItsDefault() {
    Map<String, String> listed =
        table("| option | default | what it says |").stream()
            .collect(toMap(row -> unquoted(row.get(0)), row -> unquoted(row.get(1))));

    Map<String, String> real = new TreeMap<>();
    CommandLine up = commandLine().getSubcommands().get("up");
    up.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .forEach(
            option ->
                real.put(
                    option.longestName(), Objects.requireNonNullElse(option.defaultValue(), "")));
    real.put("--host-address", defaults().tun().hostAddress().toString());

    assertEquals(real, new TreeMap<>(listed));
  }

  private static CommandLine commandLine() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Tunstack.commandLine(nowhere, nowhere);
  }

  private static UpSettings defaults() {
    return UpSettings.of("tunstack0", "10.77.0.2/24", "", 1500, 80);
  }

  @Test
  void shouldListEveryCommand() {
    List<String> listed =
        table("| command | what it does |").stream().map(row -> unquoted(row.get(0))).toList();

    assertEquals(List.copyOf(commandLine().getSubcommands().keySet()), listed);
    assertTrue(README.contains("\nsudo tools/bin/tunstack up\n"));
  }

  @Test
  void shouldQuoteWhatUpPrints() {
    UpSettings settings = defaults();
    TunInfo device =
        new TunInfo("tunstack0", settings.tun().hostAddress(), 24, 1500, 10_000, false, true);

    assertTrue(README.contains("```\n" + Guide.text(settings, device) + "\nready\n```"));
  }

  @Test
  void shouldListEveryRouteWithItsMethods() {
    Map<String, TreeSet<String>> listed = new TreeMap<>();
    for (List<String> row : table("| path | methods | answer |")) {
      listed.put(
          unquoted(row.get(0)),
          Stream.of(row.get(1).split(", ", -1)).collect(toCollection(TreeSet::new)));
    }

    Map<String, TreeSet<String>> real = new TreeMap<>();
    String source =
        Modules.text(
            Modules.ROOT.resolve("http/src/main/java/io/tunstack/http/routes/TunstackRoutes.java"));
    Matcher route =
        Pattern.compile("\\.(?:get\\(|route\\(HttpMethod\\.([A-Z]+), )\"([^\"]+)\"")
            .matcher(source);
    while (route.find()) {
      String method = route.group(1) == null ? "GET" : route.group(1);
      real.computeIfAbsent(route.group(2), path -> new TreeSet<>()).add(method);
    }

    assertEquals(real, listed);
  }

  @Test
  void shouldSayWhatThereIsAndWhatIsNot() {
    JavaClasses main = new ClassFileImporter().importPaths(Modules.folders("target/classes"));
    List<List<String>> rows = table("| feature | here |");

    assertEquals(EVIDENCE.size(), rows.size(), "rows without evidence, or evidence without a row");
    assertAll(
        rows.stream()
            .map(
                row ->
                    () -> {
                      Pattern evidence =
                          Pattern.compile("io\\.tunstack\\." + evidenceOf(row.get(0)));
                      boolean there =
                          main.stream()
                              .anyMatch(item -> evidence.matcher(item.getName()).matches());
                      assertEquals(there ? "yes" : "**not**", row.get(1), row.get(0));
                    }));
  }

  private static String evidenceOf(String feature) {
    List<String> keys = EVIDENCE.keySet().stream().filter(feature::startsWith).toList();
    // Of "TCP: NewReno" and a shorter one that would do as well, the longer is meant.
    String key =
        keys.stream()
            .reduce((one, other) -> one.length() > other.length() ? one : other)
            .orElseThrow(() -> new AssertionError("no evidence for: " + feature));
    return EVIDENCE.get(key);
  }

  @Test
  void shouldPointToFoldersThatAreThere() {
    for (List<String> row : table("| folder | what |")) {
      Matcher link = Pattern.compile("\\[`(.*)`]\\((.*)\\)").matcher(row.get(0));
      assertTrue(link.matches(), row.get(0));
      assertTrue(Files.isDirectory(Modules.ROOT.resolve(link.group(2))), link.group(2));
    }
  }

  @Test
  void shouldSayHowToTest() {
    assertTrue(
        README.contains("<!-- the test command -->\n```sh\nmvn -B verify\n```\n"),
        ".ci/run reads the test command there");
  }
}
