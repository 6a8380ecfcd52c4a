package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script in the test resources, and those in the folder that a property names. */
class PacketdrillTest {
  private static final String FOLDER = "packetdrill.scripts";

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(path -> path.toString().endsWith(".pkt")).sorted().toList();
    }
  }

  private static Script read(Path path, Path folder) {
    try {
      return ScriptParser.parse(folder.relativize(path).toString(), Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> shouldDoWhatOurScriptsSay() throws IOException, URISyntaxException {
    Path folder = Path.of(PacketdrillTest.class.getResource("/packetdrill").toURI());
    List<Path> all = scripts(folder);
    assertFalse(all.isEmpty(), "no scripts in " + folder);
    return all.stream()
        .map(
            path ->
                DynamicTest.dynamicTest(
                    folder.relativize(path).toString(),
                    () -> Runner.run(read(path, folder), true)));
  }

  /** Those that say what there is not here are skipped, and say why. */
  @TestFactory
  Stream<DynamicTest> shouldDoWhatOthersScriptsSay() throws IOException {
    String property = System.getProperty(FOLDER, "");
    if (property.isEmpty()) {
      return Stream.empty();
    }
    Path folder = Path.of(property);
    return scripts(folder).stream()
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> run(path, folder)));
  }

  private static void run(Path path, Path folder) {
    try {
      Runner.run(read(path, folder), false);
    } catch (ScriptError e) {
      Assumptions.abort(path + ":" + e.line() + ": " + e.getMessage());
    }
  }
}
