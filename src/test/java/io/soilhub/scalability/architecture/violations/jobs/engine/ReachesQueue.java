package io.soilhub.scalability.architecture.violations.jobs.engine;

import io.soilhub.scalability.architecture.violations.jobs.queue.ReachesEngine;

public final class ReachesQueue {
  final ReachesEngine below;

  public ReachesQueue(ReachesEngine below) {
    this.below = below;
  }
}
