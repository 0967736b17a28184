package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.platform.core.Ticker;
import java.util.List;
import java.util.random.RandomGenerator;

/// What pools take from outside.
///
/// @param zone where this replica stands; empty when nowhere in particular
/// @param random safe for any number of threads
public record FleetContext(
    String zone,
    Ticker ticker,
    RandomGenerator random,
    List<InstanceGuard> guards,
    List<ForwardListener> listeners) {

  public FleetContext {
    guards = List.copyOf(guards);
    listeners = List.copyOf(listeners);
  }
}
