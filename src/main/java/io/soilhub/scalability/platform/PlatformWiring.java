package io.soilhub.scalability.platform;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.postgres.Nodes;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.platform.settings.FeatureFlags;
import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;

/// Makes the one instance of each plain class of this package, and runs their periodic tasks while
/// the application is up. The start never waits for PostgreSQL or Redis: the schema is brought up
/// to date when PostgreSQL first answers.
@ApplicationScoped
class PlatformWiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private final PeriodicTasks tasks = new PeriodicTasks();

  /// Raw values: a password with `${` in it stays as it is.
  @Produces
  @Singleton
  Settings settings() {
    return Settings.from(
        name -> Optional.ofNullable(ConfigProvider.getConfig().getConfigValue(name).getRawValue()));
  }

  @Produces
  @Singleton
  StartupCheck server() {
    return new StartupCheck(ServerSettings.ALL);
  }

  @Produces
  @Singleton
  StartupCheck features() {
    return new StartupCheck(FeatureFlags.ALL);
  }

  @Produces
  @Singleton
  StartupCheck databaseSettings() {
    return new StartupCheck(DatabaseSettings.ALL, DatabaseSettings::from);
  }

  @Produces
  @Singleton
  StartupCheck redisSettings() {
    return new StartupCheck(RedisSettings.ALL, RedisSettings::from);
  }

  @Produces
  @Singleton
  StartupCheck nodeSettings() {
    return new StartupCheck(Node.ALL, settings -> Node.from(settings, Instant.EPOCH, () -> 0));
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ticker ticker() {
    return Ticker.system();
  }

  @Produces
  @Singleton
  RandomGenerator random() {
    return new SecureRandom();
  }

  @Produces
  @Singleton
  Uuid7 uuids(Clock clock, RandomGenerator random) {
    return new Uuid7(clock, random);
  }

  @Produces
  @Singleton
  Node node(Settings settings, Clock clock, RandomGenerator random) {
    return Node.from(settings, clock.instant(), random);
  }

  @Produces
  @Singleton
  Database database(Settings settings) {
    return new Database(DatabaseSettings.from(settings));
  }

  @Produces
  @Singleton
  RedisClients redis(Settings settings) {
    return new RedisClients(RedisSettings.from(settings));
  }

  @Produces
  @Singleton
  LeaderElection leaderElection(Database database, Ticker ticker) {
    return new LeaderElection(database, "scalability", ticker);
  }

  @Produces
  @Singleton
  Nodes nodes(Node self, Database database, LeaderElection leaderElection) {
    return new Nodes(self, database, leaderElection::isLeader);
  }

  /// PostgreSQL counts as available once it answers and has the schema of this version.
  @Produces
  @Singleton
  @Named("postgresql")
  DependencyMonitor postgres(Database database, Clock clock, Ticker ticker) {
    AtomicBoolean migrated = new AtomicBoolean();
    return new DependencyMonitor(
        "postgresql",
        () -> {
          if (!migrated.get()) {
            database.migrate();
            // Builds the entity mappings now rather than for the first caller.
            database.withEntities(entities -> true);
            migrated.set(true);
          }
          database.ping();
        },
        clock,
        ticker);
  }

  @Produces
  @Singleton
  @Named("redis")
  DependencyMonitor redisAvailability(RedisClients redis, Clock clock, Ticker ticker) {
    return new DependencyMonitor("redis", () -> redis.commands().ping(), clock, ticker);
  }

  void close(@Disposes Database database) {
    database.close();
  }

  void close(@Disposes RedisClients redis) {
    redis.close();
  }

  void start(
      @Observes @Priority(Phases.STORES) Startup event,
      @Named("postgresql") DependencyMonitor postgres,
      @Named("redis") DependencyMonitor redis,
      LeaderElection leaderElection,
      Nodes nodes) {
    tasks.every(SECOND, "postgresql-watch", postgres::step);
    tasks.every(SECOND, "redis-watch", redis::step);
    tasks.everyWhile(postgres::available, SECOND, "leadership", leaderElection::step);
    tasks.everyWhile(postgres::available, HEARTBEAT, "node-heartbeat", nodes::step);
  }

  void stop(
      @Observes @Priority(Phases.STOP - Phases.STORES) Shutdown event,
      @Named("postgresql") DependencyMonitor postgres,
      LeaderElection leaderElection,
      Nodes nodes) {
    tasks.close();
    leaderElection.close();
    if (postgres.available()) {
      nodes.leave();
    }
  }
}
