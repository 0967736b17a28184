package io.soilhub.scalability.bench;

import java.time.Duration;

/// How much is measured.
///
/// @param rounds measured rounds after one that only warms up; the median of them is reported
/// @param jobs jobs a throughput measure, for ours and BullMQ
/// @param jobRunrJobs jobs a throughput measure for JobRunr, fewer because it is slower
/// @param pace length of one latency measure, after two seconds that are not counted
/// @param recoveryRounds how often a worker is killed
/// @param recoveryOfPeers whether the peers' workers are killed too, which takes a minute a round
record Plan(
    String name,
    int rounds,
    int jobs,
    int jobRunrJobs,
    Duration pace,
    int recoveryRounds,
    boolean recoveryOfPeers) {

  private static final Plan FULL =
      new Plan("full", 5, 20_000, 2_500, Duration.ofSeconds(8), 3, true);
  private static final Plan QUICK =
      new Plan("quick", 1, 4_000, 500, Duration.ofSeconds(3), 1, false);

  /// @param name `full` or `quick`
  static Plan named(String name) {
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
