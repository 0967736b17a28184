package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.telemetry.metrics.MetricsRecorder;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Metrics that callers send. The first value of a name decides its type for all replicas; a name
/// that this replica has seen needs no PostgreSQL.
public final class CustomMetrics {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// The update that changes nothing makes the row come back that another one has made.
  private static final String DECIDE =
      """
      INSERT INTO custom_metric (name, kind) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING kind
      """;

  private static final String KIND = "SELECT kind FROM custom_metric WHERE name = ?";

  private final MetricsRecorder metricsRecorder;
  private final Database database;
  private final int maxNames;
  private final Map<String, SeriesKind> kinds = new ConcurrentHashMap<>();

  /// @param maxNames names that this replica takes
  CustomMetrics(MetricsRecorder metricsRecorder, Database database, int maxNames) {
    this.metricsRecorder = metricsRecorder;
    this.database = database;
    this.maxNames = maxNames;
  }

  /// @throws Problem of kind INVALID for bad input, CONFLICT when the name is of another type,
  ///   TOO_MANY for more names than are taken
  void record(MetricRequest request) {
    Series series = request.series();
    SeriesKind kind = kinds.get(series.name());
    if (kind == null) {
      if (kinds.size() >= maxNames) {
        throw new Problem(
            Problem.Kind.INVALID,
            "too-many-metrics",
            "there are %d names of metrics, and no more are taken".formatted(maxNames));
      }
      kind = database.inStatement(connection -> decide(connection, series));
      kinds.put(series.name(), kind);
    }
    if (kind != series.kind()) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "metric-type-conflict",
          "%s is a %s".formatted(series.name(), MetricView.type(kind)));
    }
    record(series, request.value());
  }

  /// The type of a metric that was ever sent.
  Optional<SeriesKind> kind(String name) {
    SeriesKind known = kinds.get(name);
    return known != null
        ? Optional.of(known)
        : database.inStatement(connection -> look(connection, name));
  }

  private void record(Series series, double value) {
    switch (series.kind()) {
      case COUNTER -> metricsRecorder.counter(series.name(), series.labels()).add(value);
      case GAUGE -> metricsRecorder.gauge(series.name(), series.labels()).set(value);
      case HISTOGRAM -> metricsRecorder.histogram(series.name(), series.labels()).record(value);
      case TIMER -> metricsRecorder.timings(series.name(), series.labels()).record(value);
      case OPERATION -> throw new IllegalArgumentException("operations are not sent");
    }
  }

  private static SeriesKind decide(Connection connection, Series series) throws SQLException {
    String type = MetricView.type(series.kind());
    return Sql.readWithin(PATIENCE, connection, DECIDE, CustomMetrics::kind, series.name(), type)
        .getFirst();
  }

  private static Optional<SeriesKind> look(Connection connection, String name) throws SQLException {
    return Sql.readWithin(PATIENCE, connection, KIND, CustomMetrics::kind, name).stream()
        .findFirst();
  }

  private static SeriesKind kind(ResultSet row) throws SQLException {
    return SeriesKind.valueOf(row.getString(1).toUpperCase(Locale.ROOT));
  }
}
