package io.soilhub.scalability.monitoring;

import io.soilhub.scalability.quantiles.Distribution;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// What one series recorded in a stretch of time; immutable and mergeable.
///
/// @param count how often it was recorded
/// @param errors how often the work failed
/// @param sum of the values
/// @param min 0 for none
/// @param max 0 for none
/// @param latest value that was recorded last, with its time; kept for gauges alone
/// @param distribution of the values; empty for counters and gauges
public record Slot(
    long count,
    long errors,
    double sum,
    double min,
    double max,
    double latest,
    Instant latestAt,
    Distribution distribution) {

  public static final Slot EMPTY = new Slot(0, 0, 0, 0, 0, 0, Instant.EPOCH, Distribution.EMPTY);

  static Slot of(Distribution values, long errors) {
    return new Slot(
        values.count(), errors, values.sum(), values.min(), values.max(), 0, Instant.EPOCH, values);
  }

  public static Slot merged(Collection<Slot> slots) {
    List<Slot> used = slots.stream().filter(s -> s.count > 0).toList();
    if (used.size() < 2) {
      return used.isEmpty() ? EMPTY : used.getFirst();
    }
    long count = 0;
    long errors = 0;
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    Slot latest = EMPTY;
    for (Slot slot : used) {
      count += slot.count;
      errors += slot.errors;
      sum += slot.sum;
      min = Math.min(min, slot.min);
      max = Math.max(max, slot.max);
      latest = slot.latestAt.isBefore(latest.latestAt) ? latest : slot;
    }
    Distribution values = Distribution.merged(used.stream().map(Slot::distribution).toList());
    return new Slot(count, errors, sum, min, max, latest.latest, latest.latestAt, values);
  }

  /// @return 0 for none
  public double average() {
    return count == 0 ? 0 : sum / count;
  }

  /// The share of the work that failed, 0 for none.
  public double errorRate() {
    return count == 0 ? 0 : (double) errors / count;
  }
}
