package io.soilhub.scalability.bench.cache;

/// How much is measured.
///
/// @param rounds measured rounds after one that only warms up; the median of them is reported
/// @param millis length of one measure of hits
/// @param writes watched on the other replica, a round
/// @param races rounds of the race, a system, and with [#RACE_KEYS] how many keys are raced on
record CachePlan(String name, int rounds, long millis, int writes, int races) {

  static final int RACE_KEYS = 100;
  static final long RACE_MILLIS = 250;

  /// Long enough for every message that is under way.
  static final long REST_MILLIS = 250;

  /// Threads that read what only Redis holds.
  static final int FAR_THREADS = 32;

  static final int STAMPEDE_THREADS = 64;
  static final int STAMPEDE_KEYS = 10;

  private static final CachePlan FULL = new CachePlan("full", 5, 1000, 200, 100);
  private static final CachePlan QUICK = new CachePlan("quick", 1, 300, 50, 6);

  /// @param name `full` or `quick`
  static CachePlan named(String name) {
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
