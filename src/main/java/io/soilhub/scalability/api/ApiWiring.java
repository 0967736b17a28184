package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Makes the one instance of each plain class of this package, and lets the replica that leads
/// forget expired keys.
@ApplicationScoped
class ApiWiring {

  private static final Duration FORGETTING = Duration.ofMinutes(1);
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  Problem.Page problems() {
    return (problem, path, requestId) ->
        Json.write(ProblemResponse.of(problem).body(path, requestId))
            .getBytes(StandardCharsets.UTF_8);
  }

  @Produces
  @Singleton
  StartupCheck connections() {
    return new StartupCheck(
        ServerConnections.ALL,
        settings -> ServerConnections.check(settings, Runtime.getRuntime().maxMemory()));
  }

  @Produces
  @Singleton
  StartupCheck limits() {
    return new StartupCheck(RequestLimits.ALL);
  }

  @Produces
  @Singleton
  StartupCheck reserved() {
    return new StartupCheck(ReservedSettings.ALL);
  }

  @Produces
  @Singleton
  IdempotencyStore repeatable(Database database) {
    return new IdempotencyStore(database);
  }

  void start(
      @Observes @Priority(Phases.MAINTENANCE) Startup event,
      IdempotencyStore requests,
      LeaderElection leaderElection,
      @Named("postgresql") DependencyMonitor postgres) {
    tasks.everyWhile(
        () -> postgres.available() && leaderElection.isLeader(),
        FORGETTING,
        "idempotency-keys",
        requests::forgetExpired);
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.MAINTENANCE) Shutdown event) {
    tasks.close();
  }
}
