package io.soilhub.scalability.telemetry.metrics;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import io.soilhub.scalability.telemetry.metrics.PostgresSlots.Growing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Saves what is recorded, the running minute too, so that a killed process loses a few seconds and
/// every replica answers for all of them.
final class SlotFlusher {

  private static final Logger LOG = System.getLogger(SlotFlusher.class.getName());

  /// Rows of one transaction.
  private static final int BATCH = 1000;

  private record Part(SeriesRecorder recorder, SeriesRecorder.Unsaved unsaved) {}

  /// @param at for people
  /// @param nanos on the ticker, by which its age is told: the clock may be set back
  private record Saved(Instant at, long nanos) {}

  private final RecorderRegistry recorderRegistry;
  private final PostgresSlots slots;
  private final Clock clock;
  private final Ticker ticker;
  private volatile Saved last;

  SlotFlusher(RecorderRegistry recorderRegistry, PostgresSlots slots, Clock clock, Ticker ticker) {
    this.recorderRegistry = recorderRegistry;
    this.slots = slots;
    this.clock = clock;
    this.ticker = ticker;
    this.last = now();
  }

  /// To be called every few seconds, and before this replica answers for all. What could not be
  /// saved is tried again the next time.
  ///
  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when PostgreSQL is away
  void step() {
    step(Duration.ZERO);
  }

  /// The same, unless everything was saved a moment ago.
  synchronized void step(Duration freshEnough) {
    if (age().compareTo(freshEnough) < 0) {
      return;
    }
    Saved now = now();
    List<Part> parts = new ArrayList<>();
    for (SeriesRecorder recorder : recorderRegistry.all()) {
      recorder.unsaved().forEach(unsaved -> parts.add(new Part(recorder, unsaved)));
    }
    for (int from = 0; from < parts.size(); from += BATCH) {
      List<Part> batch = parts.subList(from, Math.min(parts.size(), from + BATCH));
      try {
        save(batch);
      } catch (QueryFailed e) {
        saveOneByOne(batch);
      }
    }
    last = now;
  }

  /// Everything recorded before is saved.
  Instant savedAt() {
    return last.at;
  }

  /// How long ago that was.
  Duration age() {
    return Duration.ofNanos(ticker.nanos() - last.nanos);
  }

  private Saved now() {
    return new Saved(clock.instant(), ticker.nanos());
  }

  /// One series that PostgreSQL refuses must not keep the others away.
  private void saveOneByOne(List<Part> parts) {
    slots.forget();
    for (Part part : parts) {
      try {
        save(List.of(part));
      } catch (QueryFailed e) {
        LOG.log(Level.WARNING, part.recorder.series() + " is not saved", e);
        part.recorder.refused(part.unsaved);
      }
    }
  }

  private void save(List<Part> parts) {
    Map<Growing, Part> rows = new LinkedHashMap<>();
    parts.forEach(
        p -> rows.put(new Growing(p.recorder.series(), p.unsaved.minute(), p.unsaved.slot()), p));
    List<Growing> late =
        slots.save(
            List.copyOf(rows.keySet()), () -> parts.forEach(p -> p.recorder.sending(p.unsaved)));
    late.forEach(row -> rows.get(row).recorder.refused(rows.get(row).unsaved));
    parts.forEach(part -> part.recorder.saved(part.unsaved));
  }
}
