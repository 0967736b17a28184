package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// How the working off of jobs is. Without Redis it is degraded: what is submitted is kept and
/// waits.
final class ProcessorProbe implements ComponentProbe {

  private final boolean enabled;
  private final Supplier<List<QueueAdmin.Standing>> standings;
  private final BooleanSupplier redisUp;

  /// @param standings throws while PostgreSQL is away
  ProcessorProbe(
      boolean enabled, Supplier<List<QueueAdmin.Standing>> standings, BooleanSupplier redisUp) {
    this.enabled = enabled;
    this.standings = standings;
    this.redisUp = redisUp;
  }

  @Override
  public String name() {
    return "async_processor";
  }

  @Override
  public ComponentReport report() {
    if (!enabled) {
      return ComponentReport.healthy(Map.of("processor_status", "disabled"));
    }
    Map<String, QueueAdmin.Standing> queues = new LinkedHashMap<>();
    standings.get().forEach(standing -> queues.put(standing.queue().text(), standing));
    return redisUp.getAsBoolean()
        ? ComponentReport.healthy(details(queues, "running"))
        : ComponentReport.degraded(
            "Redis is away: no job starts until it is back", details(queues, "waiting"));
  }

  private static Map<String, Object> details(
      Map<String, QueueAdmin.Standing> queues, String processor) {
    return Map.of("queue_stats", queues, "processor_status", processor);
  }
}
