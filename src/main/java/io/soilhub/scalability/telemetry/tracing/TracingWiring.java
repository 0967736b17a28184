package io.soilhub.scalability.telemetry.tracing;

import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class TracingWiring {

  /// To be asked for first on a thread of the starting application, which is what the server knows
  /// its instance of OpenTelemetry by.
  @Produces
  @Singleton
  Tracing tracing(OpenTelemetry telemetry) {
    return OpenTelemetryTracing.of(telemetry);
  }
}
