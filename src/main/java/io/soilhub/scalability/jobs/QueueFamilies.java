package io.soilhub.scalability.jobs;

import io.soilhub.scalability.journal.QueueCounts;
import io.soilhub.scalability.monitoring.Family;
import io.soilhub.scalability.monitoring.Family.Type;
import io.soilhub.scalability.monitoring.Family.Value;
import io.soilhub.scalability.monitoring.Labels;
import io.soilhub.scalability.monitoring.MetricSource;
import io.soilhub.scalability.platform.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// How the queues stand, for Prometheus. The numbers are those of the cluster: every replica tells
/// the same, as of its last look, and none once that is too long ago to be told as the present.
final class QueueFamilies implements MetricSource {

  private static final Duration OUTDATED = Duration.ofSeconds(30);

  private record Look(long at, Map<JobQueue, QueueCounts> counts) {}

  private final Supplier<Map<JobQueue, QueueCounts>> counts;
  private final Ticker ticker;
  private volatile Look last;

  /// @param counts throws while PostgreSQL is away
  QueueFamilies(Supplier<Map<JobQueue, QueueCounts>> counts, Ticker ticker) {
    this.counts = counts;
    this.ticker = ticker;
    this.last = new Look(ticker.nanos(), Map.of());
  }

  /// Looks at the queues. Called by one loop.
  void step() {
    last = new Look(ticker.nanos(), counts.get());
  }

  @Override
  public List<Family> families() {
    Look now = last;
    if (ticker.nanos() - now.at() > OUTDATED.toNanos()) {
      return List.of();
    }
    return List.of(
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
        new Family(
            "soilhub_jobs_processed_total",
            "Jobs that the cluster ended, ever.",
            Type.COUNTER,
            processed(now)));
  }

  private static Family gauge(
      Look now, String name, String help, ToDoubleFunction<QueueCounts> value) {
    return new Family(
        name,
        help,
        Type.GAUGE,
        queues(now)
            .map(
                queue ->
                    new Value(
                        Labels.of("queue", queue.text()),
                        value.applyAsDouble(now.counts().get(queue))))
            .toList());
  }

  private static List<Value> processed(Look now) {
    List<Value> values = new ArrayList<>();
    for (JobQueue queue : queues(now).toList()) {
      QueueCounts of = now.counts().get(queue);
      values.add(processed(queue, "completed", of.completedTotal()));
      values.add(processed(queue, "failed", of.failedTotal()));
    }
    return values;
  }

  private static Value processed(JobQueue queue, String outcome, long count) {
    return new Value(Labels.of("queue", queue.text(), "outcome", outcome), count);
  }

  private static Stream<JobQueue> queues(Look now) {
    return Arrays.stream(JobQueue.values()).filter(now.counts()::containsKey);
  }
}
