package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/// A value that a caller sends.
///
/// @param value what a counter grows by, what a gauge is at now, one value of a histogram, or a
///   time of a timer in milliseconds
public record MetricRequest(
    String name, Double value, String metricType, Map<String, String> labels) {

  private static final int MAX_LABELS = 10;
  private static final int MAX_LABEL_VALUE = 100;

  /// Of names and values together: an index has to hold them.
  private static final int MAX_LABELS_BYTES = 1500;

  /// Endings that Prometheus or we add ourselves would let two metrics meet under one name.
  private static final String NAME =
      "(?!soilhub_)(?!.*_(total|count|sum|bucket|created|seconds)$)[a-z][a-z0-9_]{0,%d}"
          .formatted(Series.MAX_NAME - 1);

  private static final String LABEL = "[A-Za-z_][A-Za-z0-9_]{0,63}";

  /// Labels that Prometheus or we add: those of a bucket, of a quantile, of what was put together.
  private static final Set<String> TAKEN = Set.of("le", "quantile", "overflow");

  /// @throws Problem of kind INVALID with everything that is wrong or missing
  Series series() {
    Violations violations = new Violations();
    violations.requireMember(
        name != null && name.matches(NAME),
        "name",
        ("must be 1 to %d lower-case letters, digits and '_', and neither begin with soilhub_"
                + " nor end with _total, _count, _sum, _bucket, _created or _seconds")
            .formatted(Series.MAX_NAME));
    violations.requireMember(
        value != null && Math.abs(value) <= MetricsRecorder.MOST,
        "value",
        "must be a number of at most %s in size".formatted(MetricsRecorder.MOST));
    SeriesKind kind = kind();
    violations.requireMember(
        kind != null, "metric_type", "must be counter, gauge, histogram or timer");
    if (kind != null && kind != SeriesKind.GAUGE && value != null) {
      violations.requireMember(value >= 0, "value", "must not be below 0 for a " + metricType);
    }
    Map<String, String> given = labels == null ? Map.of() : labels;
    violations.requireMember(given.size() <= MAX_LABELS, "labels", "must be at most " + MAX_LABELS);
    given.forEach(
        (label, text) -> {
          violations.requireMember(
              label.matches(LABEL)
                  && !label.startsWith("__")
                  && !TAKEN.contains(label)
                  && text != null
                  && !text.isEmpty()
                  && text.length() <= MAX_LABEL_VALUE
                  && text.codePoints().noneMatch(MetricRequest::isUnprintable),
              "labels" + Violations.step(label),
              ("must be a name of letters, digits and '_' with a printable text of 1 to %d"
                      + " characters, and not le, quantile or overflow")
                  .formatted(MAX_LABEL_VALUE));
        });
    violations.requireMember(
        given.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_LABELS_BYTES,
        "labels",
        "must be at most %d bytes".formatted(MAX_LABELS_BYTES));
    violations.raise();
    return new Series(kind, name, Labels.of(given));
  }

  private static boolean isUnprintable(int codePoint) {
    int type = Character.getType(codePoint);
    return Character.isISOControl(codePoint)
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED;
  }

  private SeriesKind kind() {
    return switch (metricType == null ? "" : metricType) {
      case "counter" -> SeriesKind.COUNTER;
      case "gauge" -> SeriesKind.GAUGE;
      case "histogram" -> SeriesKind.HISTOGRAM;
      case "timer" -> SeriesKind.TIMER;
      default -> null;
    };
  }
}
