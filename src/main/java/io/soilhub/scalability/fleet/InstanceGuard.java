package io.soilhub.scalability.fleet;

/// Something that can close an instance to requests and learns from their outcomes: a breaker.
/// Every CDI bean of this type is asked.
public interface InstanceGuard {

  /// Whether the instance may get a request now. Called before each one: it must not wait.
  boolean allows(String service, String instanceId);

  /// An attempt that [#allows] let through has an outcome.
  void observed(String service, String instanceId, long latencyNanos, boolean failed);
}
