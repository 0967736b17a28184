package io.soilhub.scalability.architecture.violations.jobs.engine;

import io.soilhub.scalability.architecture.violations.platform.core.ReachesUp;
import java.time.Instant;

public class AsksTheClock {
  final ReachesUp below;
  final Instant now = Instant.now();

  public AsksTheClock(ReachesUp below) {
    this.below = below;
  }
}
