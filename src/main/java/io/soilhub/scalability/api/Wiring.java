package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

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
}
