package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import java.util.Map;

/// What one replica tells the others, once a second.
///
/// @param active requests that it has under way, by instance; none when left out
/// @param verdicts on the instances that it probes
record ReplicaReport(Map<String, Integer> active, Map<String, HealthCheckResult> verdicts) {

  ReplicaReport {
    active = Map.copyOf(active);
    verdicts = Map.copyOf(verdicts);
  }
}
