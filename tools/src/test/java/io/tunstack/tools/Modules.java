package io.tunstack.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the tree's modules on disk, so that a rule about all of them is checked in one place. */
final class Modules {
  /** Tests run in their module's folder. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Modules lie at the top, or one level inside another one. */
  private static final int DEPTH = 3;

  private Modules() {}

  /** Folders of that path, in every module that has one. */
  static List<Path> folders(String path) {
    try (Stream<Path> found = Files.walk(ROOT, DEPTH)) {
      return found
          .filter(file -> file.getFileName().toString().equals("pom.xml"))
          .filter(file -> !file.toString().contains("/target/"))
          .map(pom -> pom.resolveSibling(path))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every Java source below those folders. */
  static List<Path> sources(String path) {
    return folders(path).stream().flatMap(Modules::sourcesIn).sorted().toList();
  }

  private static Stream<Path> sourcesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
