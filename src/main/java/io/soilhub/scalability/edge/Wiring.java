package io.soilhub.scalability.edge;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and runs the relay when there is a
/// CDN.
@ApplicationScoped
class Wiring {

  /// From the call of [Purges] to when no replica gives the old answer: a long transaction.
  private static final Duration SLOWEST_CHANGE = Duration.ofMinutes(10);

  private static final Duration RELAY_PAUSE = Duration.ofMillis(200);
  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return EdgeSettings::from;
  }

  @Produces
  @Singleton
  Purges purges(Settings settings, Database database) {
    return EdgeSettings.from(settings).map(edge -> purges(edge, database)).orElse(Purges.none());
  }

  static Purges purges(EdgeSettings edge, Database database) {
    return new Purges(Optional.of(outbox(edge, database)), edge.again().isZero() ? 1 : 2);
  }

  /// One for each server.
  static List<PurgeRelay> relays(EdgeSettings edge, Database database, Clock clock) {
    PostgresPurges outbox = outbox(edge, database);
    PurgeCalls calls = new PurgeCalls(clock, PurgeCalls.LIMIT);
    return edge.target().servers().stream()
        .map(
            server ->
                new PurgeRelay(
                    outbox,
                    server.url().toString(),
                    edge(server, calls),
                    new PurgePace(edge.purgesPerSecond()),
                    edge.again(),
                    edge.freshness()
                        .lifetime()
                        .plus(edge.freshness().stale())
                        .plus(SLOWEST_CHANGE)))
        .toList();
  }

  private static PostgresPurges outbox(EdgeSettings edge, Database database) {
    return new PostgresPurges(database, edge.target().urls().stream().map(URI::toString).toList());
  }

  static Edge edge(EdgeSettings.Target server, PurgeCalls calls) {
    return switch (server.kind()) {
      case VARNISH -> new VarnishEdge(server, calls);
      case FASTLY -> new FastlyEdge(server, calls);
      case CLOUDFLARE -> new CloudflareEdge(server, calls);
    };
  }

  void start(
      @Observes @Priority(400) Startup event,
      Settings settings,
      Database database,
      Clock clock,
      @Named("postgresql") Availability postgres) {
    EdgeSettings.from(settings).stream()
        .flatMap(edge -> relays(edge, database, clock).stream())
        .forEach(
            relay ->
                loops.add(
                    Loop.every(
                        RELAY_PAUSE,
                        "edge-purges-" + loops.size(),
                        () -> {
                          if (postgres.available()) {
                            relay.step();
                          }
                        })));
  }

  void stop(@Observes @Priority(400) Shutdown event) {
    loops.forEach(Loop::close);
  }
}
