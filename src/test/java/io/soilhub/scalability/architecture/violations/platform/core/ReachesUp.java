package io.soilhub.scalability.architecture.violations.platform.core;

import io.soilhub.scalability.architecture.violations.jobs.engine.AsksTheClock;

public final class ReachesUp {
  final AsksTheClock above = new AsksTheClock(this);
}
