package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchCommandTest {
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Tunstack.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err))
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource({"--rounds,0", "--rounds,100", "--secs,0", "--secs,61"})
  void shouldRefuse_whatIsOutOfRange(String flag, String value) {
    assertEquals(ExitCode.USAGE, run("bench", flag, value));

    assertTrue(err.toString().contains(flag) && err.toString().contains("got " + value), "" + err);
  }

  @Test
  void shouldFindTheScript_besideTheFolderOfTheJar(@TempDir Path tools) throws IOException {
    Path jar = Files.createDirectory(tools.resolve("target")).resolve("tunstack.jar");
    assertEquals(Optional.empty(), BenchCommand.script(jar));

    Path script = Files.createDirectory(tools.resolve("bench")).resolve("run");
    Files.writeString(script, "#!/bin/sh\n");
    assertEquals(Optional.empty(), BenchCommand.script(jar));

    assertTrue(script.toFile().setExecutable(true));
    assertEquals(Optional.of(script), BenchCommand.script(jar));
  }

  @Test
  void shouldKnowTheScriptOfThisCheckout() {
    assertFalse(BenchCommand.script(Modules.ROOT.resolve("tools/target/tunstack.jar")).isEmpty());
  }
}
