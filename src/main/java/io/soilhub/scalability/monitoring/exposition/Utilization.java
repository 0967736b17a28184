package io.soilhub.scalability.monitoring.exposition;

import java.time.Duration;
import java.util.OptionalDouble;

/// Which share of its capacity something was used, from two looks at its running totals. Whoever
/// asks within a second of the look before is told the same as that one: over a few milliseconds
/// the share would be chance.
final class Utilization {

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private record Look(long at, double busy, double capacity) {}

  private Look before;
  private double share;
  private boolean known;

  /// @param now nanoseconds
  /// @param busy total of what was used, in the unit of `capacity`
  /// @param capacity total of what could have been used
  /// @return 0 to 1 since the look before; empty at the first
  synchronized OptionalDouble look(long now, double busy, double capacity) {
    if (before == null) {
      before = new Look(now, busy, capacity);
    } else if (!known || now - before.at() >= SHORTEST.toNanos()) {
      double possible = capacity - before.capacity();
      if (possible > 0) {
        share = Math.clamp((busy - before.busy()) / possible, 0, 1);
        known = true;
        before = new Look(now, busy, capacity);
      }
    }
    return known ? OptionalDouble.of(share) : OptionalDouble.empty();
  }
}
