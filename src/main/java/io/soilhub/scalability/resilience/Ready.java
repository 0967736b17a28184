package io.soilhub.scalability.resilience;

import io.soilhub.scalability.platform.Availability;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready while PostgreSQL answers with this version's schema. Without Redis the service is slower
/// and still ready.
@Readiness
@ApplicationScoped
class Ready implements HealthCheck {

  private final Availability postgres;
  private final Availability redis;

  Ready() {
    this(null, null);
  }

  @Inject
  Ready(@Named("postgresql") Availability postgres, @Named("redis") Availability redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("dependencies")
        .status(postgres.available())
        .withData("postgresql", postgres.available() ? "up" : "down")
        .withData("redis", redis.available() ? "up" : "degraded")
        .build();
  }
}
