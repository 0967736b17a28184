package io.soilhub.scalability.fleet;

import io.soilhub.scalability.platform.Ticker;
import java.util.List;
import java.util.random.RandomGenerator;

/// What pools take from outside.
///
/// @param zone where this replica stands; empty when nowhere in particular
/// @param random safe for any number of threads
public record Surroundings(
    String zone,
    Ticker ticker,
    RandomGenerator random,
    List<InstanceGuard> guards,
    List<ForwardListener> listeners) {

  public Surroundings {
    guards = List.copyOf(guards);
    listeners = List.copyOf(listeners);
  }
}
