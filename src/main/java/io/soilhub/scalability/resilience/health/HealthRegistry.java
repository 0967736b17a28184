package io.soilhub.scalability.resilience.health;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// Runs every [ComponentProbe] and keeps the outcome and the last failures. All probes run side by
/// side, each on a thread of the executor; one that is not back within the timeout is unhealthy and
/// is not started again before it is back.
public final class HealthRegistry {

  private static final Logger LOG = System.getLogger(HealthRegistry.class.getName());
  private static final int MAX_FAILURES = 10;
  private static final Duration FRESH = Duration.ofSeconds(1);

  /// One run of a probe, so that a hanging one is recognised next time.
  private record Run(ComponentProbe probe, Future<ComponentReport> report, long begin) {}

  private final List<ComponentProbe> probes;
  private final Duration timeout;
  private final Clock clock;
  private final Ticker ticker;
  private final ExecutorService executor;
  private final ReentrantLock checking = new ReentrantLock();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Deque<RecentFailure> failures = new ArrayDeque<>();
  private volatile SystemHealth last;
  private long lastCheck;

  /// @param executor a thread for each probe, for instance virtual ones
  public HealthRegistry(
      List<ComponentProbe> probes,
      Duration timeout,
      Clock clock,
      Ticker ticker,
      ExecutorService executor) {
    this.probes = probes.stream().sorted(Comparator.comparing(ComponentProbe::name)).toList();
    this.timeout = timeout;
    this.clock = clock;
    this.ticker = ticker;
    this.executor = executor;
  }

  /// The health now: of this moment, or at most a second old.
  public SystemHealth health() {
    checking.lock();
    try {
      if (last == null || ticker.nanos() - lastCheck > FRESH.toNanos()) {
        step();
      }
      return last;
    } finally {
      checking.unlock();
    }
  }

  /// The health as of the last look, without a new one; empty before the first.
  public Optional<SystemHealth> latest() {
    return Optional.ofNullable(last);
  }

  /// Looks when the last look is an interval ago, and at once while a component is unhealthy, so
  /// that its recovery is told within seconds. To be called about every second by one loop.
  public void step(Duration interval) {
    checking.lock();
    try {
      if (last == null
          || ticker.nanos() - lastCheck >= interval.toNanos()
          || last.serviceStatus().values().stream()
              .anyMatch(seen -> seen.status() == HealthStatus.UNHEALTHY)) {
        step();
      }
    } finally {
      checking.unlock();
    }
  }

  /// Looks at every component once.
  public void step() {
    checking.lock();
    try {
      probes.forEach(this::launch);
      long deadline = ticker.nanos() + timeout.toNanos();
      Map<String, ComponentHealth> checks = new LinkedHashMap<>();
      for (Run run : List.copyOf(runs.values())) {
        ComponentHealth health = outcome(run, deadline);
        remember(run.probe().name(), health);
        checks.put(run.probe().name(), health);
      }
      last = SystemHealth.of(checks, List.copyOf(failures), clock.instant());
      lastCheck = ticker.nanos();
    } finally {
      checking.unlock();
    }
  }

  private void launch(ComponentProbe probe) {
    Run before = runs.get(probe.name());
    if (before == null || before.report().isDone()) {
      runs.put(probe.name(), new Run(probe, executor.submit(probe::report), ticker.nanos()));
    }
  }

  private ComponentHealth outcome(Run run, long deadline) {
    ComponentReport report = report(run, deadline);
    double millis = (ticker.nanos() - run.begin()) / 1e6;
    return new ComponentHealth(
        report.status(),
        clock.instant(),
        Math.round(millis * 1000) / 1000.0,
        report.error(),
        report,
        run.probe().essential());
  }

  private ComponentReport report(Run run, long deadline) {
    try {
      return run.report().get(Math.max(0, deadline - ticker.nanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return ComponentReport.unhealthy("no answer within %d ms".formatted(timeout.toMillis()));
    } catch (ExecutionException e) {
      return failed(run.probe().name(), e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ComponentReport.unhealthy("the check was interrupted");
    }
  }

  /// A problem's message is made for callers; any other can name hosts and statements and goes to
  /// the log alone.
  private ComponentReport failed(String name, Throwable cause) {
    if (cause instanceof Problem problem) {
      return ComponentReport.unhealthy(problem.getMessage());
    }
    // Once: it is checked every second while it fails.
    boolean known = failures.stream().anyMatch(f -> f.serviceName().equals(name) && !f.resolved());
    LOG.log(known ? Level.DEBUG : Level.WARNING, "the check of " + name + " failed", cause);
    return ComponentReport.unhealthy("the check failed; the log has the cause");
  }

  /// Keeps the moment at which a component stopped being healthy, not each check while it is not.
  private void remember(String name, ComponentHealth health) {
    Optional<RecentFailure> open =
        failures.stream().filter(f -> f.serviceName().equals(name) && !f.resolved()).findFirst();
    boolean failing = health.status() == HealthStatus.UNHEALTHY;
    if (failing && open.isEmpty()) {
      String error = health.errorMessage().orElse("");
      String type = error.startsWith("no answer") ? "health_check_timeout" : "health_check_failed";
      Instant at = health.lastCheck();
      failures.addFirst(new RecentFailure(name, type, at, error, false));
      if (failures.size() > MAX_FAILURES) {
        failures.removeLast();
      }
    } else if (!failing && open.isPresent()) {
      List<RecentFailure> all =
          failures.stream().map(f -> f.equals(open.get()) ? f.asResolved() : f).toList();
      failures.clear();
      failures.addAll(all);
    }
  }
}
