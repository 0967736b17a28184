package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and runs the relay when there is a
/// CDN.
@ApplicationScoped
class CdnWiring {

  /// From the call of [Purges] to when no replica gives the old answer: a long transaction.
  private static final Duration SLOWEST_CHANGE = Duration.ofMinutes(10);

  private static final Duration RELAY_PAUSE = Duration.ofMillis(200);
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(CdnSettings.ALL, CdnSettings::from);
  }

  @Produces
  @Singleton
  Purges purges(Settings settings, Database database) {
    return CdnSettings.from(settings).map(edge -> purges(edge, database)).orElse(Purges.none());
  }

  static Purges purges(CdnSettings edge, Database database) {
    return new Purges(Optional.of(outbox(edge, database)), edge.again().isZero() ? 1 : 2);
  }

  /// One for each server.
  static List<PurgeRelay> relays(CdnSettings edge, Database database, Clock clock) {
    PurgeOutbox outbox = outbox(edge, database);
    PurgeHttpClient calls = new PurgeHttpClient(clock, PurgeHttpClient.LIMIT);
    return edge.target().servers().stream()
        .map(
            server ->
                new PurgeRelay(
                    outbox,
                    server.url().toString(),
                    cdnClient(server, calls),
                    new PurgeRateLimiter(edge.purgesPerSecond()),
                    edge.again(),
                    edge.freshness()
                        .lifetime()
                        .plus(edge.freshness().stale())
                        .plus(SLOWEST_CHANGE)))
        .toList();
  }

  private static PurgeOutbox outbox(CdnSettings edge, Database database) {
    return new PurgeOutbox(database, edge.target().urls().stream().map(URI::toString).toList());
  }

  static CdnClient cdnClient(CdnSettings.Target server, PurgeHttpClient calls) {
    return switch (server.kind()) {
      case VARNISH -> new VarnishClient(server, calls);
      case FASTLY -> new FastlyClient(server, calls);
      case CLOUDFLARE -> new CloudflareClient(server, calls);
    };
  }

  void start(
      @Observes @Priority(Phases.CACHE) Startup event,
      Settings settings,
      Database database,
      Clock clock,
      @Named("postgresql") DependencyMonitor postgres) {
    List<PurgeRelay> relays =
        CdnSettings.from(settings).map(edge -> relays(edge, database, clock)).orElse(List.of());
    for (int i = 0; i < relays.size(); i++) {
      PurgeRelay relay = relays.get(i);
      tasks.everyWhile(postgres::available, RELAY_PAUSE, "edge-purges-" + i, relay::step);
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.CACHE) Shutdown event) {
    tasks.close();
  }
}
