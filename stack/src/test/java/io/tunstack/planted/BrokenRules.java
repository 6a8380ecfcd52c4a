package io.tunstack.planted;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Breaks one rule after another and tells which test sees it. A JVM is started for each, because a
 * broken rule may loop for ever.
 *
 * <p>The sources are never written to: what a rule changes is compiled to a place of its own, which
 * goes before the other classes.
 */
final class BrokenRules {
  /** The broken rules, from the root of the module. */
  static final Path TABLE = Path.of("src", "test", "resources", "broken-rules", "rules.txt");

  /** What {@link BrokenRule.Edit#file} is below. */
  static final Path SOURCES = Path.of("src", "main", "java", "io", "tunstack");

  /** A test that takes so long is red too. */
  private static final long SECONDS = 60;

  private static final String FAILED = " :: FAILED";

  private final Path module;
  private final Path work;

  private BrokenRules(Path module, Path work) {
    this.module = module;
    this.work = work;
  }

  /** What came of a rule: its test is red or not, or something is wrong with the rule. */
  private String outcome(BrokenRule rule) throws IOException, InterruptedException {
    Path changed = Files.createTempDirectory(work, "rule");
    Map<String, String> sources = new LinkedHashMap<>();
    for (BrokenRule.Edit edit : rule.edits()) {
      Path file = module.resolve(SOURCES).resolve(edit.file());
      String source = sources.containsKey(edit.file()) ? sources.get(edit.file()) : read(file);
      try {
        sources.put(edit.file(), edit.applyTo(source));
      } catch (IllegalStateException e) {
        return "DOES NOT FIT: " + e.getMessage();
      }
    }
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = changed.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    Path classes = Files.createDirectories(changed.resolve("classes"));
    String mistakes = compile(files, classes);
    return mistakes.isEmpty() ? test(rule, classes) : "DOES NOT COMPILE: " + mistakes;
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static String compile(List<Path> files, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter mistakes = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("--release", "17", "-proc:none", "-nowarn", "-d", classes.toString());
      boolean done =
          compiler
              .getTask(
                  mistakes,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      return done ? "" : mistakes.toString().lines().findFirst().orElse("?");
    }
  }

  private String test(BrokenRule rule, Path classes) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-ea"));
    command.addAll(List.of("-Dio.tunstack.poison=true", "-Djqwik.tries.default=200", "-cp"));
    command.add(classes + ":" + System.getProperty("java.class.path"));
    command.addAll(List.of("org.junit.platform.console.ConsoleLauncher", "execute"));
    command.addAll(List.of("--details=testfeed", "--disable-banner", "--disable-ansi-colors"));
    for (String each : rule.tests()) {
      command.add("--select-class=" + each);
    }
    Path log = classes.resolveSibling("log");
    Process process =
        new ProcessBuilder(command)
            // jqwik keeps its database in the working directory.
            .directory(workingDirectory(classes).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    // Whoever stops this program stops what may never end by itself.
    Thread stop = new Thread(process::destroyForcibly, "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (!ended) {
      return "red: it never ends";
    }
    return switch (process.exitValue()) {
      case 0 -> "SURVIVED " + rule.tests();
      case 1 -> "red: " + firstFailure(log);
      default -> "DOES NOT RUN: see " + log;
    };
  }

  /** Tests read files of the module by relative paths. */
  private Path workingDirectory(Path classes) throws IOException {
    Path directory = Files.createDirectories(classes.resolveSibling("module"));
    Files.createSymbolicLink(directory.resolve("src"), module.resolve("src"));
    return directory;
  }

  private static String firstFailure(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.endsWith(FAILED))
        .map(line -> line.substring(0, line.length() - FAILED.length()))
        .map(line -> line.substring(line.lastIndexOf(" > ") + 3))
        .findFirst()
        .orElse("?");
  }

  private void clear() throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Breaks all rules of the module in the first argument, or those that the others name. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path module = Path.of(args[0]).toAbsolutePath();
    List<String> wanted = List.of(args).subList(1, args.length);
    BrokenRules broken = new BrokenRules(module, Files.createTempDirectory("broken-rules"));
    int done = 0;
    int faults = 0;
    for (BrokenRule rule : BrokenRule.readAll(module.resolve(TABLE))) {
      if (!wanted.isEmpty() && rule.ids().stream().noneMatch(wanted::contains)) {
        continue;
      }
      String outcome = broken.outcome(rule);
      done++;
      faults += outcome.startsWith("red") ? 0 : 1;
      System.out.println(String.join(" ", rule.ids()) + " " + outcome);
    }
    System.out.println(done + " rules broken, " + faults + " of them not seen");
    broken.clear();
    System.exit(done == 0 || faults > 0 ? 1 : 0);
  }
}
