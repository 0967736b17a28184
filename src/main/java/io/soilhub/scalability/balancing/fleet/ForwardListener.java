package io.soilhub.scalability.balancing.fleet;

/// Is told of every request that went to an instance, when it ended. Every CDI bean of this type is
/// told; it must not wait.
@FunctionalInterface
public interface ForwardListener {

  /// @param latencyNanos until the answer began, or until the failure
  /// @param bytes of the answer's body
  record Forward(
      String service, String instanceId, long latencyNanos, boolean failed, long bytes) {}

  void forwarded(Forward forward);
}
