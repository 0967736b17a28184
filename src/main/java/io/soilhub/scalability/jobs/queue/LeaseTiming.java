package io.soilhub.scalability.jobs.queue;

import java.time.Duration;

/// @param lease how long a member stays with a node that is not heard of
/// @param ageingStep by how much one step of priority puts a member ahead
public record LeaseTiming(Duration lease, Duration ageingStep) {

  public LeaseTiming {
    if (lease.toMillis() < 100 || ageingStep.isNegative()) {
      throw new IllegalArgumentException("a lease of " + lease + " with ageing by " + ageingStep);
    }
  }
}
