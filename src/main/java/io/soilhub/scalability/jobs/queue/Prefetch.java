package io.soilhub.scalability.jobs.queue;

import java.time.Duration;
import java.util.Arrays;

/// How many members to take at a time: enough that short work never waits for the next round trip,
/// never so many that they wait here while another node idles.
///
/// @param horizon work taken ahead of being run, as time of this node's slots
/// @param most upper bound of members held ahead
public record Prefetch(Duration horizon, int most) {

  public static final Prefetch DEFAULT = new Prefetch(Duration.ofMillis(20), 512);

  /// A slot whose work will last beyond the horizon makes no room for more. Otherwise what is taken
  /// while long work holds all slots would be given back, and taken again.
  ///
  /// @param slots that run work here
  /// @param busyNanos for each slot at work, the time that it is expected to take still
  /// @param held taken and not yet running
  /// @param heldNanos time that these are expected to take
  /// @param nextNanos time that the next piece of work is expected to take
  /// @param limited whether the queue has a limit, which work held ahead would eat up
  /// @return how many to ask for now
  public int wanted(
      int slots, long[] busyNanos, int held, long heldNanos, long nextNanos, boolean limited) {
    int idle = Math.max(0, slots - busyNanos.length);
    long next = Math.max(1, nextNanos);
    long whole = horizon.toNanos();
    long room = idle * whole;
    room += Arrays.stream(busyNanos).map(busy -> Math.clamp(whole - busy, 0, whole)).sum();
    int ahead = limited ? 0 : (int) Math.min(most, room / next);
    long taken = Math.max(held, heldNanos / next);
    boolean enough = held >= idle && taken > ahead / 2;
    return enough ? 0 : (int) Math.max(idle - held, idle + ahead - taken);
  }
}
