package io.soilhub.scalability.queueing;

import java.time.Duration;

/// How many members to take at a time: enough that short work never waits for the next round trip,
/// never so many that they wait here while another node idles.
///
/// @param horizon work taken ahead of being run, as time of this node's slots
/// @param most upper bound of members held ahead
public record Prefetch(Duration horizon, int most) {

  public static final Prefetch DEFAULT = new Prefetch(Duration.ofMillis(20), 512);

  /// @param slots that run work here
  /// @param idle of those, how many have nothing
  /// @param held taken and not yet running
  /// @param averageNanos recent time of one piece of work
  /// @param limited whether the queue has a limit, which work held ahead would eat up
  /// @return how many to ask for now
  public int wanted(int slots, int idle, int held, long averageNanos, boolean limited) {
    int ahead = limited ? 0 : ahead(slots, averageNanos);
    boolean enough = held >= idle && held > ahead / 2;
    return enough ? 0 : Math.max(0, idle + ahead - held);
  }

  private int ahead(int slots, long averageNanos) {
    long fit = slots * horizon.toNanos() / Math.max(1, averageNanos);
    return (int) Math.min(most, fit);
  }
}
