package io.soilhub.scalability.resilience.health;

import io.soilhub.scalability.platform.core.DependencyMonitor;
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
class ReadinessCheck implements HealthCheck {

  private final DependencyMonitor postgres;
  private final DependencyMonitor redis;

  ReadinessCheck() {
    this(null, null);
  }

  @Inject
  ReadinessCheck(
      @Named("postgresql") DependencyMonitor postgres, @Named("redis") DependencyMonitor redis) {
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
