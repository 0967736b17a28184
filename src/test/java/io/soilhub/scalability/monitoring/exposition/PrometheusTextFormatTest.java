package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Distribution;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PrometheusTextFormatTest {

  private static final MetricFamily COUNTER =
      MetricFamily.counter(
          "soilhub_things_total", "Things with a \\ and a \"quote\".\nTwo lines.", 3);
  private static final MetricFamily HISTOGRAM =
      new MetricFamily(
          "soilhub_wait_seconds",
          "Waits.",
          MetricFamily.Type.HISTOGRAM,
          List.of(
              new Distribution(
                  Labels.of("queue", "a"), List.of(0.005, 1.0), List.of(1L, 3L, 4L), 12.25)));

  @Example
  void prometheusText() {
    assertThat(PrometheusTextFormat.prometheus(List.of(COUNTER, HISTOGRAM)))
        .isEqualTo(
            """
            # HELP soilhub_things_total Things with a \\\\ and a "quote".\\nTwo lines.
            # TYPE soilhub_things_total counter
            soilhub_things_total 3
            # HELP soilhub_wait_seconds Waits.
            # TYPE soilhub_wait_seconds histogram
            soilhub_wait_seconds_bucket{le="0.005",queue="a"} 1
            soilhub_wait_seconds_bucket{le="1.0",queue="a"} 3
            soilhub_wait_seconds_bucket{le="+Inf",queue="a"} 4
            soilhub_wait_seconds_sum{queue="a"} 12.25
            soilhub_wait_seconds_count{queue="a"} 4
            """);
  }

  @Example
  void openMetricsNamesTheFamilyOfACounterWithoutItsSuffix() {
    assertThat(PrometheusTextFormat.openMetrics(List.of(COUNTER)))
        .isEqualTo(
            """
            # HELP soilhub_things Things with a \\\\ and a \\"quote\\".\\nTwo lines.
            # TYPE soilhub_things counter
            soilhub_things_total 3
            # EOF
            """);
  }

  @Example
  void whatIsNoNumberIsWrittenAsPrometheusReadsIt() {
    MetricFamily odd =
        new MetricFamily(
            "soilhub_odd",
            "Odd.",
            MetricFamily.Type.GAUGE,
            List.of(
                value("a", Double.NaN),
                value("b", Double.POSITIVE_INFINITY),
                value("c", Double.NEGATIVE_INFINITY),
                value("d", -0.5),
                value("e", 1e300),
                value("f", 1234567890123.0)));
    assertThat(PrometheusTextFormat.prometheus(List.of(odd)).lines().skip(2))
        .containsExactly(
            "soilhub_odd{is=\"a\"} NaN",
            "soilhub_odd{is=\"b\"} +Inf",
            "soilhub_odd{is=\"c\"} -Inf",
            "soilhub_odd{is=\"d\"} -0.5",
            "soilhub_odd{is=\"e\"} 1.0E300",
            "soilhub_odd{is=\"f\"} 1234567890123");
  }

  @Example
  void aFamilyWithoutSeriesIsNotThere() {
    MetricFamily empty =
        new MetricFamily("soilhub_none", "None.", MetricFamily.Type.GAUGE, List.of());
    assertThat(PrometheusTextFormat.openMetrics(List.of(empty))).isEqualTo("# EOF\n");
  }

  /// Against a reader of the grammar of labels.
  @Property(tries = 500)
  void labelsAndValuesAreReadBackAsTheyWere(
      @ForAll String first, @ForAll String second, @ForAll double number) {
    Labels labels = Labels.of("one", first, "two", second);
    MetricFamily family =
        new MetricFamily(
            "soilhub_x", "X.", MetricFamily.Type.GAUGE, List.of(new Value(labels, number)));
    String text = PrometheusTextFormat.prometheus(List.of(family));
    String line = text.split("\n", 3)[2];
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    int end = line.lastIndexOf("} ");
    assertThat(labels(line.substring("soilhub_x{".length(), end))).isEqualTo(labels.values());
    assertThat(Double.parseDouble(line.substring(end + 2).strip())).isEqualTo(number + 0.0);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> all = new TreeMap<>();
    Matcher label = Pattern.compile("(?s)([a-z]+)=\"((?:[^\"\\\\]|\\\\.)*)\"(?:,|$)").matcher(text);
    int at = 0;
    while (label.find()) {
      assertThat(label.start()).isEqualTo(at);
      at = label.end();
      all.put(label.group(1), unescaped(label.group(2)));
    }
    assertThat(at).isEqualTo(text.length());
    return all;
  }

  private static String unescaped(String value) {
    return Pattern.compile("(?s)\\\\(.)")
        .matcher(value)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
  }

  private static Value value(String is, double value) {
    return new Value(Labels.of("is", is), value);
  }
}
