package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.resilience.health.ComponentProbe;
import io.soilhub.scalability.resilience.health.ComponentReport;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Whether the rules are evaluated, on whichever replica: unhealthy once the number of the last
/// evaluation has stood still for too long. That is measured by the ticker, because a clock that
/// was set back is one of the things that can stop evaluations.
final class EvaluationProbe implements ComponentProbe {

  /// Time for another replica to begin to lead.
  private static final Duration TAKEOVER = Duration.ofSeconds(30);

  private static final int MISSED = 3;

  /// @param since when, on the ticker, it was first seen
  private record Last(long version, long since) {}

  private final Database database;
  private final BooleanSupplier postgres;
  private final Duration patience;
  private final Ticker ticker;
  private Last last;

  /// @param postgres whether PostgreSQL answers, without making anybody wait
  /// @param interval between two evaluations
  EvaluationProbe(Database database, BooleanSupplier postgres, Duration interval, Ticker ticker) {
    this.database = database;
    this.postgres = postgres;
    this.patience = interval.multipliedBy(MISSED).plus(TAKEOVER);
    this.ticker = ticker;
    this.last = new Last(-1, ticker.nanos());
  }

  @Override
  public String name() {
    return "alerting";
  }

  @Override
  public synchronized ComponentReport report() {
    if (!postgres.getAsBoolean()) {
      return ComponentReport.unhealthy("no rule is evaluated while PostgreSQL is away");
    }
    long version = database.inStatement(AlertStore::version);
    long now = ticker.nanos();
    if (version != last.version) {
      last = new Last(version, now);
    }
    Duration still = Duration.ofNanos(now - last.since);
    return still.compareTo(patience) > 0
        ? ComponentReport.unhealthy(
            "no rule was evaluated for %d seconds".formatted(still.toSeconds()))
        : ComponentReport.healthy(Map.of("evaluations", version));
  }
}
