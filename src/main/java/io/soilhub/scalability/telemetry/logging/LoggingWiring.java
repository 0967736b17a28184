package io.soilhub.scalability.telemetry.logging;

import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class LoggingWiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(JsonLogWriter.ALL);
  }

  @Produces
  @Singleton
  LogLevels levels() {
    return new LogLevels();
  }
}
