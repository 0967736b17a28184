package io.soilhub.scalability.bench.monitor;

import java.util.List;

/// How much is measured.
///
/// @param rounds of every meter, each in a JVM of its own; the median is reported
/// @param breaches from which the way to the notification is timed
/// @param starts of the two servers whose throughput is compared: no two JVMs compile the same
/// @param throughputRounds of each start
/// @param warmMillis of each server before its rounds
record MonitorPlan(
    String name, int rounds, int breaches, int starts, int throughputRounds, long warmMillis) {

  /// Requests of one round of throughput are sent for so long.
  static final long ROUND_MILLIS = 5000;

  static final int REPLICAS = 8;
  static final int MINUTES = 1440;

  /// Recordings a minute, of the quantiles and the smaller load of the memory.
  static final int A_MINUTE = 100;

  static final List<Integer> LOADS = List.of(A_MINUTE, 6000);

  private static final MonitorPlan FULL = new MonitorPlan("full", 5, 20, 3, 5, 35_000);
  private static final MonitorPlan QUICK = new MonitorPlan("quick", 1, 2, 1, 1, 10_000);

  /// @param name `full` or `quick`
  static MonitorPlan named(String name) {
    return switch (name) {
      case "full" -> FULL;
      case "quick" -> QUICK;
      default -> throw new IllegalArgumentException("bench is full or quick, not " + name);
    };
  }

  /// Only the full form goes into the page.
  boolean published() {
    return this == FULL;
  }
}
