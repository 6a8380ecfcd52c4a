package io.tunstack.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, for the main code of every module. */
final class ArchitectureTest {
  private static final String BASE = "io.tunstack.";

  /** Who may know whom. A package that is not listed here has no place yet: give it one. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("stats", Set.of()),
          Map.entry("memory", Set.of()),
          Map.entry("time", Set.of()),
          Map.entry("wire", Set.of()),
          Map.entry("link", Set.of("wire", "time")),
          Map.entry("ip", Set.of("wire", "link", "time", "stats", "memory")),
          Map.entry("tcp", Set.of("ip", "wire", "link", "time", "stats", "memory")),
          Map.entry("udp", Set.of("ip", "wire", "link", "time", "stats", "memory")),
          Map.entry(
              "engine", Set.of("tcp", "udp", "ip", "wire", "link", "time", "stats", "memory")),
          Map.entry("net", Set.of("engine", "tcp", "udp", "ip", "wire", "time", "stats")),
          Map.entry("dns", Set.of("net", "wire", "time", "stats")),
          Map.entry(
              "sim", Set.of("net", "engine", "tcp", "udp", "ip", "wire", "link", "time", "stats")),
          Map.entry("tun", Set.of("wire", "link", "time", "stats")),
          Map.entry("http", Set.of("net", "tcp", "wire", "time", "stats")),
          Map.entry(
              "tools",
              Set.of(
                  "http", "tun", "sim", "net", "engine", "tcp", "ip", "wire", "link", "time",
                  "stats")));

  private static JavaClasses main;

  @BeforeAll
  static void importClasses() {
    main =
        new ClassFileImporter()
            // What JMH generates reads the clock as it likes.
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPaths(Modules.folders("target/classes"));
  }

  private static String packageOf(JavaClass javaClass) {
    String name = javaClass.getPackageName();
    if (!name.startsWith(BASE)) {
      return "";
    }
    int dot = name.indexOf('.', BASE.length());
    return name.substring(BASE.length(), dot < 0 ? name.length() : dot);
  }

  @Test
  void shouldSeeEveryModule() {
    for (String known : List.of("wire", "tcp", "engine", "net", "tun", "tools")) {
      assertTrue(
          main.stream().anyMatch(found -> packageOf(found).equals(known)),
          () -> "nothing of io.tunstack." + known + " was imported: is it compiled?");
    }
    Set<String> unknown =
        main.stream().map(ArchitectureTest::packageOf).collect(toCollection(TreeSet::new));
    unknown.removeAll(MAY_KNOW.keySet());
    assertEquals(Set.of(), unknown, "packages without a place in MAY_KNOW");
  }

  @Test
  void shouldHaveNoCycles() {
    slices().matching(BASE + "(*)..").should().beFreeOfCycles().check(main);
  }

  @Test
  void shouldPointDownwardsOnly() {
    classes().should(knowOnlyWhatTheirPackageMay()).check(main);
  }

  private static ArchCondition<JavaClass> knowOnlyWhatTheirPackageMay() {
    return new ArchCondition<>("know only what their package may") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String from = packageOf(item);
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          String to = packageOf(dependency.getTargetClass());
          boolean allowed =
              to.isEmpty() || to.equals(from) || MAY_KNOW.getOrDefault(from, Set.of()).contains(to);
          if (!allowed) {
            events.add(
                SimpleConditionEvent.violated(
                    item, from + " may not know " + to + ": " + dependency.getDescription()));
          }
        }
      }
    };
  }

  static List<ArchRule> bans() {
    return List.of(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.net\\.(Socket|ServerSocket|DatagramSocket|MulticastSocket|URL"
                    + "|URLConnection|HttpURLConnection)")
            .because("the kernel's sockets are not ours"),
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.nio\\.channels\\.(.*Socket.*|DatagramChannel|MulticastChannel"
                    + "|NetworkChannel|Selector|SelectionKey|Pipe)")
            .because("the kernel's sockets are not ours"),
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "javax.net..")
            .because("the kernel's sockets are not ours"),
        noClasses()
            .that()
            .resideOutsideOfPackage("io.tunstack.tun..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..")
            .because("native code is called in one place"),
        noClasses()
            .that()
            .resideInAnyPackage("io.tunstack.net..", "io.tunstack.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("applications see ByteBuffer; reference counts stay below"),
        classes()
            .that()
            .doNotHaveFullyQualifiedName("io.tunstack.time.SystemClock")
            .should(
                notCall(
                    "read the system clock",
                    Pattern.compile(
                        "java\\.lang\\.System\\.(nanoTime|currentTimeMillis)"
                            + "|java\\.time\\.Clock\\.(system|tick).*"
                            + "|java\\.time\\.[A-Za-z]+\\.now"
                            + "|java\\.util\\.Date\\.<init>"))),
        classes()
            .should(
                notCall(
                    "sleep, or wait on monitors",
                    Pattern.compile(
                        "java\\.lang\\.Thread\\.(sleep|onSpinWait|yield)"
                            + "|java\\.util\\.concurrent\\.TimeUnit\\.sleep"
                            + "|java\\.lang\\.Object\\.(wait|notify|notifyAll)"))),
        methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED));
  }

  @ParameterizedTest
  @MethodSource("bans")
  void shouldKeepTheBans(ArchRule rule) {
    rule.check(main);
  }

  /** References like {@code System::nanoTime} count as calls. */
  private static ArchCondition<JavaClass> notCall(String what, Pattern banned) {
    return new ArchCondition<>("not " + what) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (JavaAccess<?> access : item.getAccessesFromSelf()) {
          String target = access.getTargetOwner().getFullName() + "." + access.getName();
          if (banned.matcher(target).matches()) {
            events.add(SimpleConditionEvent.violated(item, access.getDescription()));
          }
        }
      }
    };
  }

  @Test
  void shouldHaveNoMonitors() {
    Pattern monitor = Pattern.compile("\\bsynchronized\\s*\\(");
    List<Path> found =
        Modules.sources("src/main/java").stream()
            .filter(source -> monitor.matcher(Modules.text(source)).find())
            .toList();

    assertEquals(List.of(), found, "use java.util.concurrent.locks: monitors pin virtual threads");
  }

  @Test
  void shouldTellEveryPackagesStory() {
    Set<Path> packages = new HashSet<>();
    Modules.sources("src/main/java").forEach(source -> packages.add(source.getParent()));
    List<Path> silent =
        packages.stream()
            .map(folder -> folder.resolve("package-info.java"))
            .filter(info -> !Files.exists(info) || !Modules.text(info).startsWith("/**"))
            .sorted()
            .toList();

    assertTrue(packages.size() >= 10, packages::toString);
    assertEquals(List.of(), silent);
  }
}
