package io.soilhub.scalability.bench.anomalies;

import io.soilhub.scalability.monitoring.anomalies.AnomalyState;
import io.soilhub.scalability.monitoring.anomalies.Baseline;
import io.soilhub.scalability.monitoring.anomalies.BaselineSettings;
import java.time.Duration;
import java.time.Instant;

/// The service's own, with its default settings.
final class OurBaseline implements Detector {

  private final Baseline baseline;

  OurBaseline(Duration step) {
    this.baseline = new Baseline(BaselineSettings.counts(step));
  }

  @Override
  public boolean alarmed(Instant at, double value) {
    return baseline.next(at, value).verdict() instanceof AnomalyState.Anomalous;
  }
}
