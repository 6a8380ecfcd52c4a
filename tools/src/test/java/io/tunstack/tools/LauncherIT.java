package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does as root, in a checkout that belongs to somebody else. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LauncherIT {
  private static final String NOBODY = "65534";

  @TempDir private Path directory;

  @Test
  void shouldBuildAsTheOwnerOfTheCheckout() throws IOException {
    FakeCheckout checkout = new FakeCheckout(directory).withJdk("17").withMaven();
    Run.command("chown", "-R", NOBODY + ":" + NOBODY, checkout.root.toString()).ok();

    Run.Result result = checkout.launch("up").ok();

    assertTrue(result.err().contains("as nobody, who owns this checkout"), result.err());
    assertTrue(checkout.log().startsWith("mvn as " + NOBODY + " "), checkout.log());
    assertTrue(checkout.log().endsWith("-jar " + checkout.jar() + " up\n"), checkout.log());
    for (Path file : new Path[] {checkout.jar(), checkout.memory()}) {
      assertEquals(Integer.parseInt(NOBODY), Files.getAttribute(file, "unix:uid"), file::toString);
    }
  }

  @Test
  void shouldNotBelieveWhatItRemembers_whenNeitherTheOwnerNorRootWroteIt() throws IOException {
    FakeCheckout checkout = new FakeCheckout(directory).withJdk("17").withJar();
    checkout.launch("--version").ok();
    Run.command("chown", NOBODY, checkout.memory().toString()).ok();
    checkout.without("java");

    Run.Result result = checkout.launch("--version").exits(1);

    assertTrue(result.err().contains("are needed"), result.err());
  }
}
