package io.soilhub.scalability.architecture.violations.platform;

import io.soilhub.scalability.architecture.violations.jobs.AsksTheClock;

public final class ReachesUp {
  final AsksTheClock above = new AsksTheClock(this);
}
