package io.soilhub.scalability.bench.cache;

import java.util.Map;
import java.util.TreeMap;

/// How much is measured.
///
/// @param rounds measured rounds after one that only warms up; the median of them is reported
/// @param millis length of one measure of hits
/// @param writes watched on the other replica, a round
/// @param races of ours, each on [#RACE_KEYS] keys; a fifth as many of every other system, which is
///   enough to see theirs
/// @param overHttp whether the service is started and asked over HTTP
record CachePlan(String name, int rounds, long millis, int writes, int races, boolean overHttp) {

  static final int RACE_KEYS = 100;
  static final long RACE_MILLIS = 250;

  /// Long enough for every message that is under way.
  static final long REST_MILLIS = 250;

  /// Threads that read what only Redis holds.
  static final int FAR_THREADS = 32;

  static final int STAMPEDE_THREADS = 64;
  static final int STAMPEDE_KEYS = 10;

  /// Entries that carry a tag, and how often it is invalidated a round.
  static final Map<Integer, Integer> TAGS = new TreeMap<>(Map.of(1, 21, 1_000, 5, 100_000, 1));

  /// Requests over HTTP need longer than reads to say something.
  static final long HTTP_MILLIS = 3000;

  private static final CachePlan FULL = new CachePlan("full", 5, 500, 100, 100, true);
  private static final CachePlan QUICK = new CachePlan("quick", 1, 300, 50, 10, false);

  /// @param name `full` or `quick`
  static CachePlan named(String name) {
    return switch (name) {
      case "full" -> FULL;
      case "quick" -> QUICK;
      default -> throw new IllegalArgumentException("bench is full or quick, not " + name);
    };
  }

  int races(Systems system) {
    return system == Systems.OURS ? races : races / 5;
  }

  /// Only the full form goes into the page.
  boolean published() {
    return this == FULL;
  }
}
