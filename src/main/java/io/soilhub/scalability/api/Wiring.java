package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.StartupCheck;
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
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and lets the replica that leads
/// forget expired keys.
@ApplicationScoped
class Wiring {

  private static final Duration FORGETTING = Duration.ofMinutes(1);
  private Optional<Loop> loop = Optional.empty();

  @Produces
  @Singleton
  Problem.Page problems() {
    return (problem, path, requestId) ->
        Json.write(Failure.of(problem).body(path, requestId)).getBytes(StandardCharsets.UTF_8);
  }

  @Produces
  @Singleton
  StartupCheck connections() {
    return settings -> ServerConnections.check(settings, Runtime.getRuntime().maxMemory());
  }

  @Produces
  @Singleton
  RepeatableRequests repeatable(Database database) {
    return new RepeatableRequests(database);
  }

  void start(
      @Observes @Priority(1100) Startup event,
      RepeatableRequests requests,
      Leadership leadership,
      @Named("postgresql") Availability postgres) {
    loop =
        Optional.of(
            Loop.every(
                FORGETTING,
                "idempotency-keys",
                () -> {
                  if (postgres.available() && leadership.isLeader()) {
                    requests.forgetExpired();
                  }
                }));
  }

  void stop(@Observes @Priority(50) Shutdown event) {
    loop.ifPresent(Loop::close);
  }
}
