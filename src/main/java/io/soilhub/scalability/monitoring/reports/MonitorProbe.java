package io.soilhub.scalability.monitoring.reports;

import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import io.soilhub.scalability.telemetry.metrics.StatisticsQuery;
import java.util.Map;

/// How the monitor is: degraded while what it records cannot be saved.
final class MonitorProbe implements ComponentProbe {

  private final StatisticsQuery statistics;

  MonitorProbe(StatisticsQuery statistics) {
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return "performance_monitor";
  }

  @Override
  public ComponentReport report() {
    StatisticsQuery.ProcessState state = statistics.state();
    Map<String, Object> details =
        Map.of(
            "series", state.series(),
            "saved_at", state.savedAt(),
            "overflowed", state.overflowed(),
            "lost", state.lost());
    return state.late()
        ? ComponentReport.degraded("nothing was saved since " + state.savedAt(), details)
        : ComponentReport.healthy(details);
  }
}
