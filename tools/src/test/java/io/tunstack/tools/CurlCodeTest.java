package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.http.client.HttpFailure;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class CurlCodeTest {
  @ParameterizedTest
  @CsvSource({
    "REFUSED, 7",
    "UNREACHABLE, 7",
    "CONNECT_TIMEOUT, 28",
    "TIMEOUT, 28",
    "EMPTY_REPLY, 52",
    "PARTIAL, 18",
    "RESET, 56",
    "NOT_HTTP, 1",
    "BAD_HEAD, 8",
    "BAD_BODY, 56",
    "CANCELLED, 56",
  })
  void shouldBeWhatCurlSays(HttpFailure.Kind kind, int code) {
    assertEquals(code, CurlCode.of(kind));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PERMISSION")
  void shouldBe125_whenThereIsNoDevice(Kind kind) {
    assertEquals(125, CurlCode.of(new TunException(kind, "no")));
  }

  @Test
  void shouldBe126_whenAPrivilegeIsMissing() {
    assertEquals(126, CurlCode.of(new TunException(Kind.PERMISSION, "no")));
  }
}
