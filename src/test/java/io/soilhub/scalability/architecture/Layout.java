package io.soilhub.scalability.architecture;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The folders of the main sources and the arrows between them: features, and the rooms inside of
/// each.
final class Layout {

  /// Which feature may use which, besides itself and `platform`. Arrows go down only.
  static final Map<String, Set<String>> FEATURES =
      new TreeMap<>(
          Map.ofEntries(
              entry("platform", Set.of()),
              entry("telemetry", Set.of()),
              entry("access", Set.of()),
              entry("resilience", Set.of("telemetry")),
              entry("jobs", Set.of("resilience", "telemetry")),
              entry("balancing", Set.of("resilience", "telemetry")),
              entry("gateway", Set.of("access", "balancing", "telemetry")),
              entry("cache", Set.of("jobs", "resilience", "telemetry")),
              entry("monitoring", Set.of("jobs", "resilience", "telemetry")),
              entry("varieties", Set.of("cache", "jobs", "telemetry")),
              entry("api", Set.of("access", "monitoring", "resilience", "telemetry"))));

  /// Which room of a feature may use which other room of the same feature. A feature whose name
  /// stands alone has no rooms, or keeps what ties its rooms together at its top.
  static final Map<String, Set<String>> ROOMS =
      new TreeMap<>(
          Map.ofEntries(
              entry("access", Set.of()),
              entry("api", Set.of()),
              entry("balancing.strategies", Set.of()),
              entry("balancing.fleet", Set.of("strategies")),
              entry("balancing.registry", Set.of("fleet", "strategies")),
              entry("balancing.healthcheck", Set.of("fleet", "registry", "strategies")),
              entry("balancing.discovery", Set.of("fleet", "registry")),
              entry("cache.cdn", Set.of()),
              entry("cache.postgres", Set.of()),
              entry("cache.redis", Set.of()),
              entry("cache.tiers", Set.of("cdn", "postgres", "redis")),
              entry("cache.rest", Set.of("cdn", "postgres", "tiers")),
              entry("gateway.proxy", Set.of()),
              entry("gateway.downstream", Set.of("proxy")),
              entry("gateway.upstream", Set.of("proxy")),
              entry("jobs.journal", Set.of()),
              entry("jobs.queue", Set.of("journal")),
              entry("jobs.engine", Set.of("journal", "queue")),
              entry("jobs.notifications", Set.of("engine")),
              entry("jobs.cleanup", Set.of("engine", "journal")),
              entry("monitoring.alerts", Set.of()),
              entry("monitoring.anomalies", Set.of()),
              entry("monitoring.exposition", Set.of()),
              entry("monitoring.reports", Set.of()),
              entry("platform", Set.of("core", "postgres", "redis", "settings")),
              entry("platform.settings", Set.of()),
              entry("platform.core", Set.of("settings")),
              entry("platform.http", Set.of("core")),
              entry("platform.outbound", Set.of("core")),
              entry("platform.postgres", Set.of("core", "settings")),
              entry("platform.redis", Set.of("core", "settings")),
              entry("resilience.health", Set.of()),
              entry("telemetry.histogram", Set.of()),
              entry("telemetry.metrics", Set.of("histogram")),
              entry("telemetry.tracing", Set.of()),
              entry("telemetry.logging", Set.of("tracing")),
              entry("varieties.trials", Set.of()),
              entry("varieties.model", Set.of("trials")),
              entry("varieties.recommendation", Set.of("model", "trials")),
              entry("varieties.catalog", Set.of("model", "recommendation", "trials"))));

  /// The rooms that other features may use; all else is a feature's own. The rooms of `platform`
  /// are open to all.
  static final Set<String> DOORS =
      Set.of(
          "access",
          "balancing.fleet",
          "balancing.registry",
          "cache.cdn",
          "cache.tiers",
          "jobs.engine",
          "jobs.notifications",
          "monitoring.exposition",
          "resilience.health",
          "telemetry.logging",
          "telemetry.metrics",
          "telemetry.tracing");

  private Layout() {}
}
