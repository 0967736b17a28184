package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import io.soilhub.scalability.resilience.health.HealthRegistry;
import io.soilhub.scalability.resilience.health.SystemHealth;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MonitoredProcess;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the replica that evaluates reads of another one, over a real PostgreSQL.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class RecordedSignalsIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final HandSetClock clock = new HandSetClock("2026-05-01T10:07:20Z");
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, ComponentReport> here = new HashMap<>();
  private Database database;
  private MonitoredProcess other;
  private RecordedSignals signals;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    here.put("redis", ComponentReport.healthy(Map.of()));
    MonitoredProcess leader = new MonitoredProcess(database, clock);
    other = new MonitoredProcess(database, clock);
    Nodes nodes =
        new Nodes(new Node("leader", "a:8000", "1", clock.instant()), database, () -> true);
    signals = new RecordedSignals(leader.statistics(), this::board, nodes, clock);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void aComponentThatIsDownOnAnotherReplicaAloneIsDown() {
    tell("follower", "redis", 1);
    assertThat(components()).containsEntry("redis", 0.0);
    clock.forward(Duration.ofSeconds(4));
    tell("follower", "redis", 0);
    tell("follower", "cache", 0);
    assertThat(components()).containsEntry("redis", 1.0).containsEntry("cache", 1.0);
    clock.forward(Duration.ofSeconds(4));
    tell("follower", "redis", 1);
    assertThat(components()).containsEntry("redis", 0.0);
  }

  @Test
  void ofThisReplicaWhatItSeesNowCounts() {
    tell("leader", "redis", 0);
    assertThat(components()).containsEntry("redis", 0.0);
    here.put("redis", ComponentReport.unhealthy("away"));
    tell("follower", "redis", 1);
    assertThat(components()).containsEntry("redis", 1.0);
  }

  @Test
  void whatAReplicaSaidBeforeItDiedOrTheClockWasSetBackIsNotBelieved() {
    tell("follower", "redis", 0);
    clock.forward(Duration.ofSeconds(31));
    assertThat(components()).containsEntry("redis", 0.0);
    tell("follower", "redis", 0);
    clock.forward(Duration.ofSeconds(-100));
    assertThat(components()).containsEntry("redis", 0.0);
  }

  private void tell(String node, String component, double up) {
    Labels labels = Labels.of("component", component, "node", node);
    other.metricsRecorder().gauge("soilhub_component_up", labels).set(up);
    other.save();
  }

  private Map<String, Double> components() {
    Map<String, Double> found = new HashMap<>();
    signals
        .readings(AlertSignal.of(Kind.COMPONENT_DOWN), MINUTE)
        .forEach(r -> found.put(r.subject().values().get("component"), r.value()));
    return found;
  }

  private SystemHealth board() {
    List<ComponentProbe> probes = here.keySet().stream().map(this::probe).toList();
    return new HealthRegistry(probes, MINUTE, clock, Ticker.system(), threads).health();
  }

  private ComponentProbe probe(String name) {
    return new ComponentProbe() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public ComponentReport report() {
        return here.get(name);
      }
    };
  }
}
