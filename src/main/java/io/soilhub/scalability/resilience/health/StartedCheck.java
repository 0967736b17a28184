package io.soilhub.scalability.resilience.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// Up as soon as the application runs: the server itself reports down until then. It does not wait
/// for PostgreSQL, or an outage would turn a rollout into a crash loop.
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.up("application");
  }
}
