package io.tunstack.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws panels one below the other over a common axis of time, as SVG.
 *
 * <pre>
 *   title
 *   [ panel: name, unit | grid, lines | ticks ]
 *   [ panel ...                               ]
 *              seconds
 * </pre>
 */
final class Figure {
  /** Told apart by people who see colours differently too (Okabe and Ito's palette). */
  private static final List<String> COLOURS =
      List.of(
          "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#f0e442");

  private static final int WIDTH = 1000;
  private static final int LEFT = 84;
  private static final int RIGHT = 150;
  private static final int TOP = 54;
  private static final int GAP = 34;
  private static final int BOTTOM = 44;
  private static final int TICKS = 5;

  /** A rate is a mean over at least this part of the figure, so that it can be read. */
  private static final int COLUMNS = 60;

  /**
   * What is read at once after a gap was filled is no rate: it is cut off this much above the
   * link's.
   */
  private static final double ABOVE_LINK = 1.3;

  private final String title;
  private final double seconds;
  private final int panelHeight;
  private final List<Panel> panels = new ArrayList<>();

  /** Lines over time with a scale of their own. */
  static final class Panel {
    private final String name;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private double max;

    private Panel(String name) {
      this.name = name;
    }

    /** Adds a line; points beyond the end of the axis are left out. */
    Panel line(String label, List<double[]> points) {
      lines.add(new Line(label, points));
      points.forEach(point -> max = Math.max(max, point[1]));
      return this;
    }

    /** Adds a dashed line across: what the path allows. */
    Panel limit(String label, double value) {
      limits.add(new Limit(label, value));
      max = Math.max(max, value);
      return this;
    }

    /** Cuts off what is higher. */
    Panel cut(double highest) {
      max = Math.min(max, highest);
      return this;
    }
  }

  private record Limit(String label, double value) {}

  private record Line(String label, List<double[]> points) {}

  /**
   * @param seconds how long the axis of time is
   * @param panelHeight of each, pixels
   */
  Figure(String title, double seconds, int panelHeight) {
    this.title = title;
    this.seconds = seconds;
    this.panelHeight = panelHeight;
  }

  Panel panel(String name) {
    Panel panel = new Panel(name);
    panels.add(panel);
    return panel;
  }

  static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  String svg() {
    int height = TOP + panels.size() * (panelHeight + GAP) + BOTTOM - GAP;
    StringBuilder svg = new StringBuilder(1 << 16);
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            height,
            WIDTH,
            height));
    text(svg, LEFT, 26, "start", "font-size=\"16\" font-weight=\"bold\"", title);
    int top = TOP;
    for (Panel panel : panels) {
      draw(svg, panel, top);
      top += panelHeight + GAP;
    }
    double step = niceStep(seconds / (2 * TICKS));
    for (double at = 0; at <= seconds * 1.0001; at += step) {
      text(svg, x(at), top - GAP + 18, "middle", "fill=\"#444\"", Units.number(at));
    }
    text(svg, x(seconds / 2), top - GAP + 38, "middle", "fill=\"#444\"", "seconds");
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, Panel panel, int top) {
    double step = niceStep(Math.max(panel.max, 1e-9) / TICKS);
    double max = Math.max(step, Math.ceil(panel.max / step - 1e-9) * step);
    int bottom = top + panelHeight;
    text(svg, LEFT, top - 8, "start", "font-weight=\"bold\" fill=\"#222\"", panel.name);
    for (double value = 0; value <= max * 1.0001; value += step) {
      double y = bottom - value / max * panelHeight;
      rule(svg, LEFT, y, WIDTH - RIGHT, y);
      text(svg, LEFT - 8, y + 4, "end", "fill=\"#444\"", Units.number(value));
    }
    double stepX = niceStep(seconds / (2 * TICKS));
    for (double at = 0; at <= seconds * 1.0001; at += stepX) {
      rule(svg, x(at), top, x(at), bottom);
    }
    for (Limit limit : panel.limits) {
      double y = bottom - limit.value / max * panelHeight;
      svg.append(
          String.format(
              Locale.ROOT,
              "<path stroke=\"#888\" stroke-dasharray=\"6 4\" d=\"M%d %.1fL%d %.1f\"/>%n",
              LEFT,
              y,
              WIDTH - RIGHT,
              y));
      text(svg, WIDTH - RIGHT - 4, y - 4, "end", "fill=\"#666\" font-size=\"11\"", limit.label);
    }
    int index = 0;
    for (Line line : panel.lines) {
      path(svg, line, colour(index), bottom, max);
      int labelY = top + 12 + 17 * index;
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
              WIDTH - RIGHT + 12,
              labelY - 6,
              colour(index)));
      text(svg, WIDTH - RIGHT + 32, labelY, "start", "fill=\"#222\"", line.label);
      index++;
    }
    panel.marks.forEach(svg::append);
  }

  private void path(StringBuilder svg, Line line, String colour, int bottom, double max) {
    svg.append("<path fill=\"none\" stroke=\"").append(colour);
    svg.append("\" stroke-width=\"1.4\" stroke-linejoin=\"round\" d=\"");
    boolean drawing = false;
    for (double[] point : line.points) {
      if (point[0] > seconds) {
        break;
      }
      double y = bottom - Math.min(point[1], max) / max * panelHeight;
      svg.append(String.format(Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", x(point[0]), y));
      drawing = true;
    }
    svg.append("\"/>\n");
  }

  private double x(double at) {
    return LEFT + at / seconds * (WIDTH - LEFT - RIGHT);
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<path stroke=\"#e4e4e4\" d=\"M%.1f %.1fL%.1f %.1f\"/>%n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String style, String text) {
    String safe = text.replace("&", "&amp;").replace("<", "&lt;");
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
            x,
            y,
            anchor,
            style,
            safe));
  }

  /** The next of 1, 2, 5, 10, ... */
  static double niceStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double part = rough / power;
    double nice = part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10;
    return nice * power;
  }

  /** A run of several flows over time. */
  static String overTime(Scenario scenario, Series series, double seconds) {
    int flows = Math.min(scenario.flows(), COLOURS.size());
    double roundTrip = 2 * scenario.delay().toNanos() / 1e9;
    double link = scenario.rate() / 1e6;
    double queue = scenario.queueBytes() * 8e3 / scenario.rate();
    Figure figure = new Figure(scenario.title(), seconds, 170);
    Panel window = figure.panel("congestion window and in flight, kB");
    Panel rtt = figure.panel("smoothed round-trip time, ms");
    Panel rate = figure.panel("goodput, Mbit/s");
    if (scenario.flows() == 1) {
      window.limit("path", scenario.product() / 1e3);
      window.limit("path and buffer", (scenario.product() + scenario.queueBytes()) / 1e3);
    }
    rtt.limit("path", 1e3 * roundTrip).limit("path and full buffer", 1e3 * roundTrip + queue);
    for (int flow = 0; flow < flows; flow++) {
      String name = scenario.flows() == 1 ? "" : " of flow " + (flow + 1);
      List<Series.Sample> own = new ArrayList<>();
      for (Series.Sample sample : series.samples()) {
        if (sample.flow() == flow) {
          own.add(sample);
        }
      }
      window.line("cwnd" + name, own.stream().map(s -> at(s, s.cwnd() / 1e3)).toList());
      if (scenario.flows() == 1) {
        window.line("in flight", own.stream().map(s -> at(s, s.inFlight() / 1e3)).toList());
      }
      List<Series.Sample> measured = own.stream().filter(s -> s.rttMillis() > 0).toList();
      rtt.line("srtt" + name, measured.stream().map(s -> at(s, s.rttMillis())).toList());
      rate.line("goodput" + name, smoothed(own, Math.max(2 * roundTrip, seconds / COLUMNS)));
    }
    rate.cut(link * ABOVE_LINK).limit("link", link);
    return figure.svg();
  }

  /** The mean goodput over the time before every sample: within a round trip there is no rate. */
  private static List<double[]> smoothed(List<Series.Sample> samples, double span) {
    List<double[]> points = new ArrayList<>();
    int first = 0;
    double sum = 0;
    for (int i = 0; i < samples.size(); i++) {
      Series.Sample sample = samples.get(i);
      sum += sample.bitsPerSecond();
      while (sample.seconds() - samples.get(first).seconds() > span) {
        sum -= samples.get(first).bitsPerSecond();
        first++;
      }
      points.add(at(sample, Math.max(0, sum / (i - first + 1) / 1e6)));
    }
    return points;
  }

  private static double[] at(Series.Sample sample, double value) {
    return new double[] {sample.seconds(), value};
  }

  /** The first flow's segments: what was sent, sent again and acknowledged when. */
  static String timeSequence(Scenario scenario, Series series, double seconds) {
    Figure figure = new Figure(scenario.title(), seconds, 560);
    Panel panel = figure.panel("sequence number of the first flow, kB");
    List<double[]> acked = new ArrayList<>();
    List<double[]> sent = new ArrayList<>();
    double highest = 0;
    for (Series.Dot dot : series.dots()) {
      if (dot.kind() == Series.Kind.ACKED) {
        highest = Math.max(highest, dot.from() / 1e3);
        acked.add(new double[] {dot.seconds(), highest});
      } else if (dot.kind() == Series.Kind.SENT) {
        sent.add(new double[] {dot.seconds(), dot.to() / 1e3});
      }
    }
    panel.line("sent", sent).line("acknowledged", acked).line("sent again", List.of());
    double step = niceStep(Math.max(panel.max, 1e-9) / TICKS);
    double max = Math.max(step, Math.ceil(panel.max / step - 1e-9) * step);
    int bottom = TOP + figure.panelHeight;
    for (Series.Dot dot : series.dots()) {
      if (dot.kind() == Series.Kind.RESENT && dot.seconds() <= seconds) {
        panel.marks.add(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.8\" fill=\"%s\"/>%n",
                figure.x(dot.seconds()),
                bottom - dot.from() / 1e3 / max * figure.panelHeight,
                colour(2)));
      }
    }
    return figure.svg();
  }
}
