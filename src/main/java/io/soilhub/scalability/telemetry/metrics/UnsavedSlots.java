package io.soilhub.scalability.telemetry.metrics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Finished slots of one series that are not saved, oldest first. When they become too many or too
/// large, those of one hour become one, so that a day without a store fits into the memory of less
/// than an hour of minutes; what is beyond that is given up. Not thread-safe.
final class UnsavedSlots {

  /// `sent` when a save of it began, since that may have succeeded unheard.
  private record Waiting(Minute minute, TimeSlot.Packed slot, boolean sent) {}

  /// An hour of minutes and a day of hours.
  static final int MOST = 60 + 24;

  /// With the cells of the running minutes and the total it stays below 64 kB an operation.
  static final int MOST_BYTES = 46 << 10;

  private Deque<Waiting> waiting = new ArrayDeque<>();
  private long lost;

  void add(Minute minute, TimeSlot slot, boolean sent) {
    waiting.add(new Waiting(minute, TimeSlot.Packed.of(slot), sent));
    while (waiting.size() > MOST || bytes() > MOST_BYTES) {
      if (!merge()) {
        lost += waiting.removeFirst().slot.count();
      }
    }
  }

  List<SeriesRecorder.Unsaved> unsaved() {
    return within(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// @param first and last: numbers of minutes
  List<SeriesRecorder.Unsaved> within(long first, long last) {
    return waiting.stream()
        .filter(w -> w.minute.number() >= first && w.minute.number() <= last)
        .map(w -> new SeriesRecorder.Unsaved(w.minute, w.slot.slot()))
        .toList();
  }

  /// A save of a minute begins.
  void sending(Minute minute) {
    Deque<Waiting> marked = new ArrayDeque<>();
    waiting.forEach(
        w -> marked.add(new Waiting(w.minute, w.slot, w.sent || w.minute.equals(minute))));
    waiting = marked;
  }

  void saved(SeriesRecorder.Unsaved one) {
    waiting.removeIf(w -> w.minute.equals(one.minute()) && w.slot.count() == one.slot().count());
  }

  /// Records given up.
  long lost() {
    return lost;
  }

  private int bytes() {
    return waiting.stream().mapToInt(w -> w.slot.bytes()).sum();
  }

  /// Makes one of the oldest two that may be merged.
  private boolean merge() {
    List<Waiting> all = new ArrayList<>(waiting);
    for (int i = 1; i < all.size(); i++) {
      Waiting first = all.get(i - 1);
      Waiting second = all.get(i);
      if (mergeable(first, second)) {
        TimeSlot both = TimeSlot.inOrder(List.of(first.slot.slot(), second.slot.slot()));
        all.set(i - 1, new Waiting(first.minute, TimeSlot.Packed.of(both), false));
        all.remove(i);
        waiting = new ArrayDeque<>(all);
        return true;
      }
    }
    return false;
  }

  /// A slot of which something may be stored keeps its minute, or it would count twice.
  private static boolean mergeable(Waiting first, Waiting second) {
    return !first.sent && !second.sent && first.minute.number() / 60 == second.minute.number() / 60;
  }
}
