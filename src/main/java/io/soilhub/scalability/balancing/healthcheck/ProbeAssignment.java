package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.platform.core.Hashing;
import java.util.Collection;

/// Which replica probes which instance: the one with the highest hash of both names. Replicas that
/// see the same others agree without talking.
final class ProbeAssignment {

  private ProbeAssignment() {}

  static boolean isOwner(String node, Collection<String> others, String instance) {
    long own = weight(node, instance);
    return others.stream()
        .noneMatch(
            other -> {
              long theirs = weight(other, instance);
              return theirs > own || (theirs == own && other.compareTo(node) < 0);
            });
  }

  private static long weight(String node, String instance) {
    return Hashing.spread(Hashing.hash(node) ^ Hashing.hash(instance));
  }
}
