package io.soilhub.scalability.cache.tiers;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Loads of a replica that may have missed a mutation, while Redis is away. Who asks for a key must
/// not join a load that may have begun before that mutation, so all who ask while one runs wait
/// together for the next. It begins when the one before has ended or has had its time: a load that
/// hangs holds up nobody for long.
final class QueuedLoads<V> {

  private final ConcurrentMap<String, InFlightLoad<V>> next = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, InFlightLoad<V>> running = new ConcurrentHashMap<>();

  /// @return the load to wait for, which has not begun; `mine` when the caller has to see to it
  InFlightLoad<V> join(String key, InFlightLoad<V> mine) {
    return next.computeIfAbsent(key, _ -> mine);
  }

  /// Loads when it is the turn of `mine`, which nobody joins from then on.
  ///
  /// @param patience with the load before
  void inTurn(String key, InFlightLoad<V> mine, Duration patience, Runnable load) {
    InFlightLoad<V> before = running.get(key);
    if (before != null) {
      before.awaitEnd(patience);
    }
    running.put(key, mine);
    next.remove(key, mine);
    try {
      load.run();
    } finally {
      running.remove(key, mine);
    }
  }
}
