package io.soilhub.scalability.probing;

import io.soilhub.scalability.fleet.Verdict;
import java.util.Map;

/// What one replica tells the others, once a second.
///
/// @param active requests that it has under way, by instance; none when left out
/// @param verdicts on the instances that it probes
record Bulletin(Map<String, Integer> active, Map<String, Verdict> verdicts) {

  Bulletin {
    active = Map.copyOf(active);
    verdicts = Map.copyOf(verdicts);
  }
}
