package io.soilhub.scalability.performance;

import io.soilhub.scalability.monitoring.Statistics;
import io.soilhub.scalability.resilience.ComponentProbe;
import io.soilhub.scalability.resilience.ComponentReport;
import java.util.Map;

/// How the monitor is: degraded while what it records cannot be saved.
final class MonitorProbe implements ComponentProbe {

  private final Statistics statistics;

  MonitorProbe(Statistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return "performance_monitor";
  }

  @Override
  public ComponentReport report() {
    Statistics.State state = statistics.state();
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
