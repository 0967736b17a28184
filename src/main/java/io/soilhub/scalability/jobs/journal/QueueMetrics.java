package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// How the queues stand, for Prometheus. The numbers are those of the cluster: every replica tells
/// the same, as of its last look at what one of them counted, and none once either is too long ago
/// to be told as the present.
public final class QueueMetrics implements MetricSource {

  private static final Duration OUTDATED = Duration.ofSeconds(30);

  /// Time to count more than ten million open jobs.
  private static final Duration LONGEST_COUNT = Duration.ofMinutes(5);

  private record Look(long at, QueueSnapshot snapshot) {
    Map<String, QueueCounts> counts() {
      return snapshot.counts();
    }
  }

  private final Supplier<QueueSnapshot> counts;
  private final Ticker ticker;
  private volatile Look last;

  /// @param counts throws while PostgreSQL is away
  public QueueMetrics(Supplier<QueueSnapshot> counts, Ticker ticker) {
    this.counts = counts;
    this.ticker = ticker;
    this.last =
        new Look(
            ticker.nanos(), new QueueSnapshot(Map.of(), Instant.EPOCH, LONGEST_COUNT.plusNanos(1)));
  }

  /// Looks at the queues. Called by one loop.
  public void step() {
    last = new Look(ticker.nanos(), counts.get());
  }

  @Override
  public List<MetricFamily> families() {
    Look now = last;
    Duration looked = Duration.ofNanos(ticker.nanos() - now.at());
    Duration counted = now.snapshot().age().plus(looked);
    if (looked.compareTo(OUTDATED) > 0 || counted.compareTo(LONGEST_COUNT) > 0) {
      return List.of();
    }
    return List.of(
        MetricFamily.gauge(
            "soilhub_queue_count_age_seconds",
            "How long ago the open jobs of the cluster were counted.",
            counted.toMillis() / 1e3),
        gauge(
            now,
            "soilhub_queue_waiting",
            "Jobs of the cluster that are due and wait for a worker.",
            queue -> queue.pending().values().stream().mapToLong(Long::longValue).sum()),
        gauge(
            now,
            "soilhub_queue_delayed",
            "Jobs of the cluster that wait for their time.",
            QueueCounts::delayed),
        gauge(now, "soilhub_queue_running", "Jobs of the cluster at work.", QueueCounts::running),
        gauge(
            now,
            "soilhub_queue_oldest_seconds",
            "How long the longest waiting job of the cluster has been due.",
            QueueCounts::oldestPendingSeconds),
        new MetricFamily(
            "soilhub_jobs_processed_total",
            "Jobs that the cluster ended, ever.",
            MetricFamily.Type.COUNTER,
            processed(now)));
  }

  private static MetricFamily gauge(
      Look now, String name, String help, ToDoubleFunction<QueueCounts> value) {
    List<Value> values = new ArrayList<>();
    now.counts()
        .forEach(
            (queue, counts) ->
                values.add(new Value(Labels.of("queue", queue), value.applyAsDouble(counts))));
    return new MetricFamily(name, help, MetricFamily.Type.GAUGE, values);
  }

  private static List<Value> processed(Look now) {
    List<Value> values = new ArrayList<>();
    now.counts()
        .forEach(
            (queue, counts) -> {
              values.add(processed(queue, "completed", counts.completedTotal()));
              values.add(processed(queue, "failed", counts.failedTotal()));
            });
    return values;
  }

  private static Value processed(String queue, String outcome, long count) {
    return new Value(Labels.of("queue", queue, "outcome", outcome), count);
  }
}
