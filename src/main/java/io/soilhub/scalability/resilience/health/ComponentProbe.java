package io.soilhub.scalability.resilience.health;

/// How one component of the service is. A feature implements it as a CDI bean; the health page, the
/// status page and the metrics page show what it reports under its name.
public interface ComponentProbe {

  /// Name in the answers, for instance `async_processor`.
  String name();

  /// Looks at the component now. It runs on a thread of its own and is given up after
  /// HEALTH_CHECK_TIMEOUT.
  ///
  /// @throws Exception counts as unhealthy
  ComponentReport report() throws Exception;

  /// Whether the service cannot do its work without the component: then it makes the whole
  /// unhealthy, else only degraded.
  default boolean essential() {
    return false;
  }
}
