package io.soilhub.scalability.monitoring.anomalies;

import io.soilhub.scalability.telemetry.metrics.TimeSlot;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/// What is looked at of an operation in a stretch of time.
enum ObservedStatistic {
  /// How often it ran; that it did not is a value too.
  COUNT {
    @Override
    OptionalDouble of(TimeSlot slot) {
      return OptionalDouble.of(slot.count());
    }

    @Override
    BaselineSettings settings(Duration step) {
      return BaselineSettings.counts(step);
    }
  },
  /// 95th percentile of how long it took; nothing when it did not run.
  SECONDS {
    @Override
    OptionalDouble of(TimeSlot slot) {
      return slot.count() == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(slot.quantile(0.95) / 1e9);
    }

    @Override
    BaselineSettings settings(Duration step) {
      return BaselineSettings.of(step, 0.001);
    }
  };

  abstract OptionalDouble of(TimeSlot slot);

  abstract BaselineSettings settings(Duration step);

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
