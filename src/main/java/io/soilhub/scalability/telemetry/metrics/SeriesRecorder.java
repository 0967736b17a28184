package io.soilhub.scalability.telemetry.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Records one series: into the cell of the running minute, which [#roll] replaces. The cell before
/// stays open for another minute, because a thread may have taken it just before it was replaced.
/// What is older and not saved waits in a [UnsavedSlots].
final class SeriesRecorder implements OperationTimer {

  /// What is to be saved: the slot of a minute as it stands now.
  record Unsaved(Minute minute, TimeSlot slot) {}

  /// The longest time that an operation took in a minute, 0 for none.
  record Longest(Minute minute, double nanos) {}

  /// The cell of a minute and how much of it is saved.
  private static final class Open {
    private final Minute minute;
    private final MinuteRecorder minuteRecorder;
    private boolean sent;
    private long saved;

    private Open(Minute minute, MinuteRecorder minuteRecorder) {
      this.minute = minute;
      this.minuteRecorder = minuteRecorder;
    }
  }

  private final Series series;
  private volatile Open current;
  private Open before;
  private final UnsavedSlots unsavedSlots = new UnsavedSlots();
  private TimeSlot.Packed finished = TimeSlot.Packed.of(TimeSlot.EMPTY);
  private long refused;

  SeriesRecorder(Series series, Minute minute) {
    this.series = series;
    this.current = new Open(minute, MinuteRecorder.of(series.kind()));
    this.before =
        new Open(new Minute(minute.number() - 1, minute.run()), MinuteRecorder.of(series.kind()));
  }

  Series series() {
    return series;
  }

  /// Where to record now.
  MinuteRecorder minuteRecorder() {
    return current.minuteRecorder;
  }

  @Override
  public void record(long nanos, boolean failed) {
    ((MinuteRecorder.Values) current.minuteRecorder).record(nanos, failed);
  }

  /// Goes on to a minute, when it is a later one.
  synchronized void roll(Minute minute) {
    if (!minute.isAfter(current.minute)) {
      return;
    }
    TimeSlot slot = before.minuteRecorder.slot();
    if (slot.count() > 0) {
      finished = TimeSlot.Packed.of(TimeSlot.inOrder(List.of(finished.slot(), slot)));
      if (slot.count() != before.saved) {
        unsavedSlots.add(before.minute, slot, before.sent);
      }
    }
    before = current;
    current = new Open(minute, MinuteRecorder.of(series.kind()));
  }

  /// Everything that is not saved, the running minute too.
  synchronized List<Unsaved> unsaved() {
    List<Unsaved> all = new ArrayList<>(unsavedSlots.unsaved());
    for (Open open : List.of(before, current)) {
      TimeSlot slot = open.minuteRecorder.slot();
      if (slot.count() != open.saved) {
        all.add(new Unsaved(open.minute, slot));
      }
    }
    return all;
  }

  /// A save begins, which may succeed unheard.
  synchronized void sending(Unsaved one) {
    unsavedSlots.sending(one.minute);
    for (Open open : List.of(before, current)) {
      open.sent |= open.minute.equals(one.minute);
    }
  }

  synchronized void saved(Unsaved one) {
    unsavedSlots.saved(one);
    for (Open open : List.of(before, current)) {
      if (open.minute.equals(one.minute)) {
        open.saved = one.slot.count();
      }
    }
  }

  /// Gives up what the store refuses.
  synchronized void refused(Unsaved one) {
    long known =
        List.of(before, current).stream()
            .filter(open -> open.minute.equals(one.minute))
            .mapToLong(open -> open.saved)
            .sum();
    refused += one.slot.count() - known;
    saved(one);
  }

  /// The longest of an operation in the running minute and in the one before.
  synchronized List<Longest> longest() {
    return Stream.of(before, current)
        .map(
            open ->
                new Longest(
                    open.minute, ((MinuteRecorder.Values) open.minuteRecorder).histogram().max()))
        .toList();
  }

  /// All that was recorded since the start of this process.
  synchronized TimeSlot total() {
    return TimeSlot.inOrder(
        List.of(finished.slot(), before.minuteRecorder.slot(), current.minuteRecorder.slot()));
  }

  /// What was recorded in some minutes, as far as it is still in memory.
  ///
  /// @param first and last: numbers of minutes
  synchronized TimeSlot within(long first, long last) {
    List<TimeSlot> slots = new ArrayList<>();
    unsavedSlots.within(first, last).forEach(one -> slots.add(one.slot));
    for (Open open : List.of(before, current)) {
      if (open.minute.number() >= first && open.minute.number() <= last) {
        slots.add(open.minuteRecorder.slot());
      }
    }
    return TimeSlot.inOrder(slots);
  }

  /// Records given up: nothing could be saved for days, or they were refused, or came so late that
  /// their hour was closed.
  synchronized long lost() {
    return refused + unsavedSlots.lost();
  }
}
