package io.soilhub.scalability.architecture.violations.jobs.queue;

import io.soilhub.scalability.architecture.violations.jobs.engine.ReachesQueue;

public final class ReachesEngine {
  final ReachesQueue above = new ReachesQueue(this);
}
