package io.soilhub.scalability.monitoring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Records one series: into the cell of the running minute, which [#roll] replaces. The cell before
/// stays open for another minute, because a thread may have taken it just before it was replaced.
/// What is older and not saved waits as finished slots; beyond sixty of them, those of one hour
/// become one, so that days fit into the memory of an hour.
final class Recorder implements OperationTimer {

  /// What is to be saved: the slot of a minute as it stands now.
  ///
  /// @param minute since 1970
  record Unsaved(long minute, Slot slot) {}

  /// The cell of a minute and how much of it is saved.
  private static final class Open {
    private final long minute;
    private final Cell cell;
    private boolean sent;
    private long saved;

    private Open(long minute, Cell cell) {
      this.minute = minute;
      this.cell = cell;
    }
  }

  /// A finished slot; `sent` when a save of it began, since that may have succeeded unheard.
  private record Waiting(long minute, Slot slot, boolean sent) {}

  private static final int FEW = 60;
  static final int MAX_WAITING = FEW + 24;

  private final Series series;
  private volatile Open current;
  private Open before;
  private Deque<Waiting> waiting = new ArrayDeque<>();
  private Slot finished = Slot.EMPTY;
  private long lost;

  Recorder(Series series, long minute) {
    this.series = series;
    this.current = new Open(minute, Cell.of(series.kind()));
    this.before = new Open(minute - 1, Cell.of(series.kind()));
  }

  Series series() {
    return series;
  }

  /// Where to record now.
  Cell cell() {
    return current.cell;
  }

  @Override
  public void record(long nanos, boolean failed) {
    ((Cell.Values) current.cell).record(nanos, failed);
  }

  /// Goes on to a minute, when it is a later one.
  synchronized void roll(long minute) {
    if (minute <= current.minute) {
      return;
    }
    Slot slot = before.cell.slot();
    if (slot.count() > 0) {
      finished = Slot.merged(List.of(finished, slot));
      if (slot.count() != before.saved) {
        waiting.add(new Waiting(before.minute, slot, before.sent));
        bound();
      }
    }
    before = current;
    current = new Open(minute, Cell.of(series.kind()));
  }

  /// Everything that is not saved, the running minute too.
  synchronized List<Unsaved> unsaved() {
    List<Unsaved> all = new ArrayList<>();
    waiting.forEach(one -> all.add(new Unsaved(one.minute, one.slot)));
    for (Open open : List.of(before, current)) {
      Slot slot = open.cell.slot();
      if (slot.count() != open.saved) {
        all.add(new Unsaved(open.minute, slot));
      }
    }
    return all;
  }

  /// A save begins, which may succeed unheard.
  synchronized void sending(Unsaved one) {
    Deque<Waiting> sent = new ArrayDeque<>();
    waiting.forEach(
        w -> sent.add(w.minute == one.minute ? new Waiting(w.minute, w.slot, true) : w));
    waiting = sent;
    for (Open open : List.of(before, current)) {
      open.sent |= open.minute == one.minute;
    }
  }

  synchronized void saved(Unsaved one) {
    waiting.removeIf(w -> w.minute == one.minute && w.slot.count() == one.slot.count());
    for (Open open : List.of(before, current)) {
      if (open.minute == one.minute) {
        open.saved = one.slot.count();
      }
    }
  }

  /// Gives up what the store refuses.
  synchronized void refused(Unsaved one) {
    long known =
        List.of(before, current).stream()
            .filter(open -> open.minute == one.minute)
            .mapToLong(open -> open.saved)
            .sum();
    lost += one.slot.count() - known;
    saved(one);
  }

  /// All that was recorded since the start of this process.
  synchronized Slot total() {
    return Slot.merged(List.of(finished, before.cell.slot(), current.cell.slot()));
  }

  /// What was recorded from a minute on, as far as it is still in memory.
  synchronized Slot since(long minute) {
    List<Slot> slots = new ArrayList<>();
    waiting.stream().filter(w -> w.minute >= minute).forEach(w -> slots.add(w.slot));
    for (Open open : List.of(before, current)) {
      if (open.minute >= minute) {
        slots.add(open.cell.slot());
      }
    }
    return Slot.merged(slots);
  }

  /// Records given up: nothing could be saved for days, or they were refused, or came so late that
  /// their hour was closed.
  synchronized long lost() {
    return lost;
  }

  private void bound() {
    if (waiting.size() <= FEW) {
      return;
    }
    Deque<Waiting> fewer = new ArrayDeque<>();
    boolean merged = false;
    for (Waiting next : waiting) {
      Waiting last = fewer.peekLast();
      if (!merged && last != null && mergeable(last, next)) {
        fewer.removeLast();
        fewer.add(new Waiting(last.minute, Slot.merged(List.of(last.slot, next.slot)), false));
        merged = true;
      } else {
        fewer.add(next);
      }
    }
    if (fewer.size() > MAX_WAITING) {
      lost += fewer.removeFirst().slot.count();
    }
    waiting = fewer;
  }

  /// A slot of which something may be stored keeps its minute, or it would count twice.
  private static boolean mergeable(Waiting first, Waiting second) {
    return !first.sent && !second.sent && first.minute / 60 == second.minute / 60;
  }
}
