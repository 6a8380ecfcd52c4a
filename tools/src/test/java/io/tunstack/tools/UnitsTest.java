package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "20mbit, 20000000",
    "20Mbit/s, 20000000",
    "1.5gbit, 1500000000",
    "500 kbit, 500000",
    "9bit, 9",
  })
  void shouldReadRates(String text, long bits) {
    assertEquals(bits, Units.rate(text));
  }

  @Test
  void shouldReadTimesSizesAndShares() {
    assertEquals(Duration.ofMillis(25), Units.time("25ms"));
    assertEquals(Duration.ofMillis(1500), Units.time("1.5s"));
    assertEquals(Duration.of(200, ChronoUnit.MICROS), Units.time("200us"));
    assertEquals(125_000, Units.bytes("125kB"));
    assertEquals(65_536, Units.bytes("64KiB"));
    assertEquals(0.01, Units.share("1%"));
    assertEquals(0.001, Units.share("0.1 %"));
    assertEquals(1, Units.share("100%"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "mbit", "-1mbit", "20mbits", "1e3mbit", "20 m bit"})
  void shouldSayWhatToType_whenARateIsNone(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Units.rate(text));
    assertTrue(refused.getMessage().contains("type a rate such as 20mbit"), refused.getMessage());
  }

  @Test
  void shouldSayWhatToType_whenAnotherNumberIsNone() {
    assertThrows(IllegalArgumentException.class, () -> Units.time("25"));
    assertThrows(IllegalArgumentException.class, () -> Units.bytes("125"));
    assertThrows(IllegalArgumentException.class, () -> Units.share("0.01"));
    assertThrows(IllegalArgumentException.class, () -> Units.share("101%"));
    assertThrows(IllegalArgumentException.class, () -> Units.rate("99999999999999gbit"));
  }

  @Test
  void shouldWriteNumbers_asPeopleReadThem() {
    assertEquals("20 Mbit/s", Units.showRate(20_000_000));
    assertEquals("1.5 Gbit/s", Units.showRate(1_500_000_000));
    assertEquals("0.5 kbit/s", Units.showRate(500));
    assertEquals("25 ms", Units.showMillis(25_000_000));
    assertEquals("0.5 %", Units.showShare(0.005));
    assertEquals("100", Units.number(100));
  }
}
