package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FigureTest {
  @ParameterizedTest
  @CsvSource({"0.7, 1", "1, 1", "1.2, 2", "3, 5", "7, 10", "0.03, 0.05", "130, 200"})
  void shouldStepInRoundNumbers(double rough, double nice) {
    assertEquals(nice, Figure.niceStep(rough), nice * 1e-9);
  }

  @Test
  void shouldScaleToTheLargest_andEndWithTheAxis() {
    Figure figure = new Figure("a < b", 10, 100);
    figure
        .panel("things")
        .line("first", List.of(new double[] {0, 0}, new double[] {10, 50}, new double[] {11, 2}));
    String svg = figure.svg();
    assertTrue(svg.contains("a &lt; b"), svg);
    // Left at zero, then right at the top: fifty is a round number of its own.
    assertTrue(svg.contains("d=\"M84.0 154.0L850.0 54.0\""), svg);
    assertFalse(svg.contains("NaN"), svg);
  }

  @Test
  void shouldShowWhatThePathAllows_andCutOffWhatIsHigher() {
    Figure figure = new Figure("limits", 10, 100);
    figure
        .panel("things")
        .line("first", List.of(new double[] {0, 25}, new double[] {10, 1000}))
        .cut(50)
        .limit("the link", 25);
    String svg = figure.svg();
    assertTrue(svg.contains("d=\"M84.0 104.0L850.0 54.0\""), svg);
    assertTrue(svg.contains("stroke-dasharray=\"6 4\" d=\"M84 104.0L850 104.0\""), svg);
    assertTrue(svg.contains(">the link</text>"), svg);
  }

  @Test
  void shouldDrawAnEmptyPanel() {
    Figure figure = new Figure("nothing", 1, 100);
    figure.panel("empty").line("none", List.of());
    assertFalse(figure.svg().contains("NaN"));
  }
}
