package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.telemetry.histogram.HistogramSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// What one series recorded in a stretch of time; immutable and mergeable.
///
/// @param count how often it was recorded
/// @param errors how often the work failed
/// @param sum of the values
/// @param min 0 for none
/// @param max 0 for none
/// @param latest value that was recorded last, with its time; kept for gauges alone
/// @param distribution of the values; empty for counters and gauges
public record TimeSlot(
    long count,
    long errors,
    double sum,
    double min,
    double max,
    double latest,
    Instant latestAt,
    HistogramSnapshot distribution) {

  /// A slot that is kept for long: its distribution takes about two bytes a bucket instead of
  /// twelve.
  static final class Packed {

    /// Of a packed slot besides its distribution, with what holds it.
    private static final int OVERHEAD = 160;

    private static final byte[] NONE = {};

    private final TimeSlot figures;
    private final byte[] distribution;

    private Packed(TimeSlot figures, byte[] distribution) {
      this.figures = figures;
      this.distribution = distribution;
    }

    static Packed of(TimeSlot slot) {
      if (slot.distribution().count() == 0) {
        return new Packed(slot, NONE);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
        deflated.write(slot.distribution().bytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Packed(slot.with(HistogramSnapshot.EMPTY), bytes.toByteArray());
    }

    TimeSlot slot() {
      if (distribution.length == 0) {
        return figures;
      }
      try (InflaterInputStream bytes =
          new InflaterInputStream(new ByteArrayInputStream(distribution))) {
        return figures.with(HistogramSnapshot.of(bytes.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long count() {
      return figures.count();
    }

    /// About what it takes on the heap.
    int bytes() {
      return OVERHEAD + distribution.length;
    }
  }

  public static final TimeSlot EMPTY =
      new TimeSlot(0, 0, 0, 0, 0, 0, Instant.EPOCH, HistogramSnapshot.EMPTY);

  public TimeSlot {
    // Versions before took values of any size, and stored their sums.
    sum = Math.clamp(sum, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  static TimeSlot of(HistogramSnapshot values, long errors) {
    return new TimeSlot(
        values.count(), errors, values.sum(), values.min(), values.max(), 0, Instant.EPOCH, values);
  }

  /// The same with these values.
  TimeSlot with(HistogramSnapshot values) {
    return new TimeSlot(count, errors, sum, min, max, latest, latestAt, values);
  }

  /// Of several processes: the latest value is by the time.
  public static TimeSlot merged(Collection<TimeSlot> slots) {
    return merged(slots, true);
  }

  /// Of one process, one after the other: the latest value is that of the last, whatever the clock
  /// showed meanwhile.
  static TimeSlot inOrder(List<TimeSlot> slots) {
    return merged(slots, false);
  }

  private static TimeSlot merged(Collection<TimeSlot> slots, boolean byTime) {
    List<TimeSlot> used = slots.stream().filter(s -> s.count > 0).toList();
    if (used.size() < 2) {
      return used.isEmpty() ? EMPTY : used.getFirst();
    }
    long count = 0;
    long errors = 0;
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    TimeSlot latest = EMPTY;
    for (TimeSlot slot : used) {
      count += slot.count;
      errors += slot.errors;
      sum += slot.sum;
      min = Math.min(min, slot.min);
      max = Math.max(max, slot.max);
      latest = byTime && slot.latestAt.isBefore(latest.latestAt) ? latest : slot;
    }
    HistogramSnapshot values =
        HistogramSnapshot.merged(used.stream().map(TimeSlot::distribution).toList());
    return new TimeSlot(count, errors, sum, min, max, latest.latest, latest.latestAt, values);
  }

  /// The value of which a share of `q` of all is not above, within 1 %.
  ///
  /// @param q 0 to 1
  /// @return 0 for none
  public double quantile(double q) {
    return distribution.quantile(q);
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
