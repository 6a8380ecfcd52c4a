package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.link.LinkException;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class ExitCodeTest {
  @Test
  void shouldBe77_whenAPrivilegeIsMissing() {
    assertEquals(77, ExitCode.of(new TunException(Kind.PERMISSION, "no")));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PERMISSION")
  void shouldBe1_whenTheDeviceFailsOtherwise(Kind kind) {
    assertEquals(1, ExitCode.of(new TunException(kind, "no")));
  }

  @Test
  void shouldBe1_whenTheDeviceGoesAwayOrADefectShows() {
    assertEquals(1, ExitCode.of(new LinkException("gone")));
    assertEquals(1, ExitCode.of(new IllegalStateException("a defect")));
  }
}
