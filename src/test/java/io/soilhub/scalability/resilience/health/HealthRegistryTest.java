package io.soilhub.scalability.resilience.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HealthRegistryTest {

  /// A component whose report the test sets.
  private static final class Component implements ComponentProbe {
    private final String name;
    private final boolean essential;
    private ComponentReport report = ComponentReport.healthy(Map.of());
    private RuntimeException failure;
    private int looks;

    Component(String name, boolean essential) {
      this.name = name;
      this.essential = essential;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean essential() {
      return essential;
    }

    @Override
    public ComponentReport report() {
      looks++;
      if (failure != null) {
        throw failure;
      }
      return report;
    }
  }

  /// Runs at once, or not before the test says so: a probe that hangs.
  private static final class Threads extends AbstractExecutorService {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean hang;

    @Override
    public void execute(Runnable task) {
      if (hang) {
        waiting.add(task);
      } else {
        task.run();
      }
    }

    void release() {
      List.copyOf(waiting).forEach(Runnable::run);
      waiting.clear();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

  private final Component database = new Component("database", true);
  private final Component cache = new Component("cache", false);
  private final Threads threads = new Threads();
  private long nanos;
  private final HealthRegistry board =
      new HealthRegistry(
          List.of(database, cache), Duration.ofMillis(1), CLOCK, () -> nanos, threads);

  @Test
  void allIsWell() {
    SystemHealth health = board.health();
    assertThat(health.overallHealth()).isEqualTo(HealthStatus.HEALTHY);
    assertThat(health.healthPercentage()).isEqualTo(100);
    assertThat(health.serviceStatus()).containsOnlyKeys("cache", "database");
    assertThat(health.recentFailures()).isEmpty();
  }

  @Test
  void whatIsNotEssentialOnlyDegrades() {
    cache.report = ComponentReport.unhealthy("away");
    assertThat(board.health().overallHealth()).isEqualTo(HealthStatus.DEGRADED);
    assertThat(board.health().healthPercentage()).isEqualTo(50);
  }

  @Test
  void aProbeThatThrowsAProblemIsUnhealthyWithItsReason() {
    database.failure =
        new Problem(Problem.Kind.UNAVAILABLE, "database-unavailable", "no answer at all");
    SystemHealth health = board.health();
    assertThat(health.overallHealth()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(health.serviceStatus().get("database").errorMessage()).contains("no answer at all");
  }

  @Test
  void whatAnyOtherExceptionSaysIsNotShown() {
    database.failure = new IllegalStateException("db-7.internal: SELECT 1");
    assertThat(board.health().serviceStatus().get("database").errorMessage().orElseThrow())
        .doesNotContain("internal", "SELECT");
  }

  @Test
  void whileAComponentIsUnhealthyItIsLookedAtAgainAtOnce() {
    Duration interval = Duration.ofSeconds(30);
    assertThat(looksAfter(Duration.ZERO, interval)).isEqualTo(1);
    assertThat(looksAfter(Duration.ofSeconds(29), interval)).isEqualTo(1);
    cache.report = ComponentReport.unhealthy("away");
    assertThat(looksAfter(Duration.ofSeconds(1), interval)).isEqualTo(2);
    cache.report = ComponentReport.healthy(Map.of());
    assertThat(looksAfter(Duration.ofSeconds(1), interval)).isEqualTo(3);
    assertThat(board.latest().orElseThrow().overallHealth()).isEqualTo(HealthStatus.HEALTHY);
    assertThat(looksAfter(Duration.ofSeconds(1), interval)).isEqualTo(3);
  }

  private int looksAfter(Duration time, Duration interval) {
    nanos += time.toNanos();
    board.step(interval);
    return cache.looks;
  }

  @Test
  void aProbeThatHangsIsGivenUpAndNotStartedAgain() {
    threads.hang = true;
    board.step();
    board.step();
    assertThat(threads.waiting).hasSize(2);
    assertThat(board.health().serviceStatus().get("cache").errorMessage())
        .contains("no answer within 1 ms");
    threads.release();
    threads.hang = false;
    board.step();
    assertThat(board.health().overallHealth()).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void aFailureIsRememberedOnceAndResolved() {
    cache.report = ComponentReport.unhealthy("away");
    board.step();
    board.step();
    assertThat(board.health().recentFailures())
        .singleElement()
        .satisfies(f -> assertThat(f.resolved()).isFalse());
    cache.report = ComponentReport.healthy(Map.of());
    board.step();
    assertThat(board.health().recentFailures())
        .singleElement()
        .satisfies(f -> assertThat(f.resolved()).isTrue());
  }

  @Test
  void atMostTenFailuresAreKept() {
    for (int i = 0; i < 15; i++) {
      cache.report = ComponentReport.unhealthy("away " + i);
      board.step();
      cache.report = ComponentReport.healthy(Map.of());
      board.step();
    }
    assertThat(board.health().recentFailures())
        .hasSize(10)
        .first()
        .satisfies(f -> assertThat(f.errorMessage()).isEqualTo("away 14"));
  }

  @Test
  void askingOftenLooksOnceASecond() {
    board.health();
    board.health();
    assertThat(cache.looks).isEqualTo(1);
    nanos += Duration.ofSeconds(2).toNanos();
    board.health();
    assertThat(cache.looks).isEqualTo(2);
  }

  @Property
  void theWholeIsAsBadAsItsEssentialPart(
      @ForAll HealthStatus essential, @ForAll HealthStatus other) {
    HealthStatus expected =
        essential == HealthStatus.UNHEALTHY
            ? HealthStatus.UNHEALTHY
            : essential == HealthStatus.HEALTHY && other == HealthStatus.HEALTHY
                ? HealthStatus.HEALTHY
                : HealthStatus.DEGRADED;
    assertThat(SystemHealth.overall(List.of(health(essential, true), health(other, false))))
        .isEqualTo(expected);
  }

  private static ComponentHealth health(HealthStatus status, boolean essential) {
    ComponentReport report =
        new ComponentReport(status, java.util.Optional.empty(), Map.of(), Map.of());
    return new ComponentHealth(status, CLOCK.instant(), 1, report.error(), report, essential);
  }
}
