package io.soilhub.scalability.monitoring.exposition;

import static io.soilhub.scalability.telemetry.metrics.MetricFamily.gauge;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/// This replica, and what it has of PostgreSQL and Redis.
final class ServiceMetrics implements MetricSource {

  private final Nodes nodes;
  private final BooleanSupplier leader;
  private final Database database;
  private final RedisClients redis;
  private final List<DependencyMonitor> dependencies;

  ServiceMetrics(
      Nodes nodes,
      BooleanSupplier leader,
      Database database,
      RedisClients redis,
      List<DependencyMonitor> dependencies) {
    this.nodes = nodes;
    this.leader = leader;
    this.database = database;
    this.redis = redis;
    this.dependencies = List.copyOf(dependencies);
  }

  @Override
  public List<MetricFamily> families() {
    Node self = nodes.self();
    List<MetricFamily> all = new ArrayList<>();
    all.add(
        new MetricFamily(
            "soilhub_build_info",
            "1, with the version and the name of this replica.",
            MetricFamily.Type.GAUGE,
            List.of(new Value(Labels.of("version", self.version(), "node", self.id()), 1))));
    all.add(
        gauge(
            "soilhub_start_time_seconds",
            "When this replica started, in seconds since 1970.",
            self.startedAt().toEpochMilli() / 1e3));
    all.add(gauge("soilhub_leader", "1 on the replica that leads.", leader.getAsBoolean() ? 1 : 0));
    all.add(
        gauge(
            "soilhub_replicas",
            "Replicas that left a sign of life lately, as this one sees it.",
            nodes.seen().size()));
    all.add(
        gauge(
            "soilhub_replicas_missing",
            "Replicas that died within the last hour and were not replaced, as this one sees it.",
            nodes.missing()));
    addConnections(all);
    all.add(
        ofDependencies(
            "soilhub_dependency_up",
            "1 when the dependency answered the last time it was asked, a second ago or so.",
            state -> state.available() ? 1 : 0));
    all.add(
        ofDependencies(
            "soilhub_dependency_response_seconds",
            "How long that answer took.",
            state -> seconds(state.responseTime())));
    return all;
  }

  private void addConnections(List<MetricFamily> all) {
    all.add(
        ofPools(
            "soilhub_database_connections_in_use",
            "Connections to PostgreSQL at work.",
            Database.PoolState::active));
    all.add(
        ofPools(
            "soilhub_database_connections_limit",
            "Connections to PostgreSQL that this replica may have.",
            Database.PoolState::max));
    all.add(
        ofPools(
            "soilhub_database_connections_idle",
            "Connections to PostgreSQL that wait for work.",
            Database.PoolState::idle));
    all.add(
        ofPools(
            "soilhub_database_connections_waiting",
            "Callers that wait for a connection to PostgreSQL.",
            Database.PoolState::waiting));
    addRedis(all);
  }

  private void addRedis(List<MetricFamily> all) {
    RedisClients.PoolState commands = redis.poolState();
    all.add(
        gauge(
            "soilhub_redis_connections_in_use",
            "Connections to Redis at work, those of the cache not included.",
            commands.active()));
    all.add(
        gauge(
            "soilhub_redis_connections_limit",
            "Connections to Redis that this replica may have, those of the cache not included.",
            commands.max()));
  }

  private MetricFamily ofPools(
      String name, String help, ToDoubleFunction<Database.PoolState> value) {
    List<Value> values =
        Arrays.stream(Database.Pool.values())
            .map(
                pool ->
                    new Value(
                        Labels.of("pool", pool.name().toLowerCase(Locale.ROOT)),
                        value.applyAsDouble(database.poolState(pool))))
            .toList();
    return new MetricFamily(name, help, MetricFamily.Type.GAUGE, values);
  }

  private MetricFamily ofDependencies(
      String name, String help, ToDoubleFunction<DependencyMonitor.DependencyState> value) {
    List<Value> values =
        dependencies.stream()
            .map(
                dependency ->
                    new Value(
                        Labels.of("dependency", dependency.name()),
                        value.applyAsDouble(dependency.state())))
            .toList();
    return new MetricFamily(name, help, MetricFamily.Type.GAUGE, values);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
