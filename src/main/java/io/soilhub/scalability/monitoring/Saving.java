package io.soilhub.scalability.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Saves what is recorded, the running minute too, so that a killed process loses a few seconds and
/// every replica answers for all of them.
final class Saving {

  /// Rows of one transaction.
  private static final int BATCH = 1000;

  private record Part(Recorder recorder, Recorder.Unsaved unsaved) {}

  private final Recorders recorders;
  private final PostgresSlots slots;
  private final Clock clock;
  private volatile Instant savedAt;

  Saving(Recorders recorders, PostgresSlots slots, Clock clock) {
    this.recorders = recorders;
    this.slots = slots;
    this.clock = clock;
    this.savedAt = clock.instant();
  }

  /// To be called every few seconds, and before this replica answers for all. What could not be
  /// saved is tried again the next time.
  ///
  /// @throws io.soilhub.scalability.platform.DatabaseUnavailable when PostgreSQL is away
  synchronized void step() {
    Instant now = clock.instant();
    List<Part> parts = new ArrayList<>();
    for (Recorder recorder : recorders.all()) {
      recorder.unsaved().forEach(unsaved -> parts.add(new Part(recorder, unsaved)));
    }
    for (int from = 0; from < parts.size(); from += BATCH) {
      save(parts.subList(from, Math.min(parts.size(), from + BATCH)));
    }
    savedAt = now;
  }

  /// Everything recorded before is saved.
  Instant savedAt() {
    return savedAt;
  }

  private void save(List<Part> parts) {
    slots.save(
        parts.stream()
            .map(p -> new PostgresSlots.Row(p.recorder.series(), start(p), p.unsaved.slot()))
            .toList());
    parts.forEach(part -> part.recorder.saved(part.unsaved));
  }

  private static Instant start(Part part) {
    return Instant.EPOCH.plus(Duration.ofMinutes(part.unsaved.minute()));
  }
}
