package io.soilhub.scalability.monitoring.exposition;

import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Distribution;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Sample;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes families as text. The two formats differ in where a counter's `_total` stands, in what is
/// escaped in a help, and in the end mark; bounds of buckets are written alike, so that a series
/// keeps its identity when a scraper changes the format.
final class PrometheusTextFormat {

  private static final String TOTAL = "_total";
  private static final double EXACT = 1L << 53;

  private final StringBuilder text = new StringBuilder(1 << 14);
  private final boolean open;

  private PrometheusTextFormat(boolean open) {
    this.open = open;
  }

  static String prometheus(Collection<MetricFamily> families) {
    return new PrometheusTextFormat(false).write(families);
  }

  static String openMetrics(Collection<MetricFamily> families) {
    return new PrometheusTextFormat(true).write(families) + "# EOF\n";
  }

  private String write(Collection<MetricFamily> families) {
    families.stream().filter(family -> !family.samples().isEmpty()).forEach(this::write);
    return text.toString();
  }

  private void write(MetricFamily family) {
    String name = family.name();
    if (open && name.endsWith(TOTAL)) {
      name = name.substring(0, name.length() - TOTAL.length());
    }
    String help =
        open ? escaped(family.help()) : family.help().replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    String type = family.type().name().toLowerCase(Locale.ROOT);
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    for (Sample sample : family.samples()) {
      switch (sample) {
        case Value(Labels labels, double value) -> line(family.name(), labels.values(), value);
        case Distribution distribution -> lines(family.name(), distribution);
      }
    }
  }

  private void lines(String name, Distribution distribution) {
    SortedMap<String, String> labels = distribution.labels().values();
    Map<String, String> bucket = new TreeMap<>(labels);
    for (int i = 0; i < distribution.bounds().size(); i++) {
      bucket.put("le", Double.toString(distribution.bounds().get(i)));
      line(name + "_bucket", bucket, distribution.counts().get(i));
    }
    long all = distribution.counts().getLast();
    bucket.put("le", "+Inf");
    line(name + "_bucket", bucket, all);
    line(name + "_sum", labels, distribution.sum());
    line(name + "_count", labels, all);
  }

  private void line(String name, Map<String, String> labels, double value) {
    text.append(name);
    char before = '{';
    for (Map.Entry<String, String> label : labels.entrySet()) {
      text.append(before).append(label.getKey()).append("=\"");
      text.append(escaped(label.getValue())).append('"');
      before = ',';
    }
    if (before == ',') {
      text.append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
  }
}
