package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

final class TrainingTest {
  @Test
  void shouldFetchAPage_withoutDeviceOrPrivilege() {
    assertDoesNotThrow(() -> Training.main(new String[0]));
  }
}
