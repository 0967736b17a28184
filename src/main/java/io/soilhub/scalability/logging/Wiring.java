package io.soilhub.scalability.logging;

import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return settings -> JsonLines.from(settings, () -> "", Tracing.OFF);
  }

  @Produces
  @Singleton
  LogLevels levels() {
    return new LogLevels();
  }
}
