package io.soilhub.scalability.balancing.fleet;

/// Something that can close an instance to requests and learns from their outcomes: a breaker.
/// Every CDI bean of this type is asked.
public interface InstanceGuard {

  /// Whether the instance may get a request now.
  ///
  /// Called on the request's own thread for the instance that the strategy chose, and, when that is
  /// refused or full or the request is repeated, for every other one that is less busy than the
  /// best found so far: several times a request, by many threads at the same time, and also for
  /// instances that get nothing in the end. So a call must be cheap, must not wait, and must have
  /// no effect: a trial of a half-open breaker is not spent here, as not every yes is followed by a
  /// request. `/choose` and `/instances` do not ask.
  boolean allows(String service, String instanceId);

  /// A request that [#allows] let through has an outcome. Called once for each attempt that has
  /// one, from the thread that found it out, before the attempt ends; never for one whose caller
  /// went away first. It must not wait.
  ///
  /// @param latencyNanos until the answer began, or until the failure
  void observed(String service, String instanceId, long latencyNanos, boolean failed);
}
