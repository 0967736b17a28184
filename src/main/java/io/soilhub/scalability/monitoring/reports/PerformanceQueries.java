package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.QueryParameter;
import io.soilhub.scalability.telemetry.metrics.Series;
import io.soilhub.scalability.telemetry.metrics.SeriesKind;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the answers about operations and metrics.
public final class PerformanceQueries {

  /// How a list of operations is ordered; all but the name put the worst first and give one page.
  enum Sort {
    NAME(Comparator.comparing(OperationView::operation)),
    SLOWEST(Comparator.comparingDouble(view -> -view.executionTimeMs().p95())),
    TOTAL_TIME(
        Comparator.comparingDouble(view -> -view.executionTimeMs().average() * view.count())),
    ERRORS(Comparator.comparingDouble(view -> -view.errors()));

    private final Comparator<OperationView> order;

    Sort(Comparator<OperationView> order) {
      this.order = order;
    }
  }

  private static final List<SeriesKind> OPERATIONS = List.of(SeriesKind.OPERATION);
  private static final List<SeriesKind> METRICS =
      List.of(SeriesKind.COUNTER, SeriesKind.GAUGE, SeriesKind.HISTOGRAM, SeriesKind.TIMER);

  private final StatisticsQuery statistics;

  PerformanceQueries(StatisticsQuery statistics) {
    this.statistics = statistics;
  }

  OperationsPage operations(Duration length, String sort, String limit, String cursor) {
    Sort order = QueryParameter.choice("sort", sort, Sort.class).orElse(Sort.NAME);
    PageRequest page = PageRequest.of(limit, cursor, 1);
    if (order != Sort.NAME && !page.after().isEmpty()) {
      throw QueryParameter.invalid("cursor", "goes with sort=name alone");
    }
    StatisticsQuery.Window window = statistics.window(OPERATIONS, Optional.empty(), length);
    String after = page.after().isEmpty() ? "" : page.after().getFirst();
    List<OperationView> found =
        window.series().entrySet().stream()
            .map(e -> OperationView.of(e.getKey().name(), e.getValue(), window.length()))
            .filter(view -> view.operation().compareTo(after) > 0)
            .sorted(order.order)
            .limit(page.limit() + (order == Sort.NAME ? 1 : 0))
            .toList();
    Page<OperationView> shown = Page.of(found, page, view -> List.of(view.operation()));
    return new OperationsPage(
        shown.items(), shown.nextCursor(), window.from(), window.to(), window.complete());
  }

  /// @throws Problem of kind NOT_FOUND for an operation that the window does not hold
  OperationView.WithCourse operation(String name, Duration length) {
    StatisticsQuery.Window window = statistics.window(OPERATIONS, Optional.of(name), length);
    if (window.series().isEmpty()) {
      throw notFound("operation-not-found", "operation", name, length);
    }
    Series series = window.series().keySet().iterator().next();
    OperationView whole = OperationView.of(name, window.series().get(series), window.length());
    StatisticsQuery.Course course = course(window, OPERATIONS, name, length);
    return new OperationView.WithCourse(
        name,
        window.from(),
        window.to(),
        window.complete(),
        whole.count(),
        whole.errors(),
        whole.errorRate(),
        whole.ratePerSecond(),
        whole.executionTimeMs(),
        course.step().toSeconds(),
        OperationView.points(
            course.points().getOrDefault(series, Collections.emptySortedMap()), course.step()));
  }

  /// @throws Problem of kind NOT_FOUND for a metric that the window does not hold
  MetricView metric(String name, Duration length) {
    StatisticsQuery.Window window = statistics.window(METRICS, Optional.of(name), length);
    if (window.series().isEmpty()) {
      throw notFound("metric-not-found", "metric", name, length);
    }
    SeriesKind kind = window.series().keySet().iterator().next().kind();
    StatisticsQuery.Course course = course(window, METRICS, name, length);
    List<MetricView.Labelled> labelled =
        window.series().entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getKey().labels().toString()))
            .map(
                entry ->
                    new MetricView.Labelled(
                        entry.getKey().labels().values(),
                        MetricView.summary(kind, entry.getValue()),
                        MetricView.points(
                            kind,
                            course
                                .points()
                                .getOrDefault(entry.getKey(), Collections.emptySortedMap()))))
            .toList();
    return new MetricView(
        name,
        MetricView.type(kind),
        window.from(),
        window.to(),
        window.complete(),
        MetricView.summary(kind, TimeSlot.merged(window.series().values())),
        course.step().toSeconds(),
        labelled);
  }

  private StatisticsQuery.Course course(
      StatisticsQuery.Window window, List<SeriesKind> kinds, String name, Duration length) {
    return window.complete()
        ? statistics.course(kinds, Optional.of(name), length)
        : new StatisticsQuery.Course(length, Map.of());
  }

  private static Problem notFound(String type, String what, String name, Duration length) {
    return new Problem(
        Problem.Kind.NOT_FOUND,
        type,
        "no %s '%s' in the last %d hours".formatted(what, name, length.toHours()));
  }
}
