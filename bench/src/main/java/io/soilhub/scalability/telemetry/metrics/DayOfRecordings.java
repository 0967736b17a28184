package io.soilhub.scalability.telemetry.metrics;

import org.openjdk.jol.info.GraphLayout;

/// One operation recorded for 24 hours in a process, in the package whose recorder it looks into.
public final class DayOfRecordings {

  private static final int MINUTES = 1440;

  /// Every fiftieth fails.
  private static final int FAILING = 50;

  private DayOfRecordings() {}

  /// Steps through a day, a minute at a time, and walks over what the recorder then holds.
  ///
  /// @param nanos values in turn, over and over
  /// @param saved whether a store takes each minute, or nothing can be saved all day
  /// @return bytes on the heap
  /// @throws IllegalStateException when recordings were given up
  public static long heapBytes(long[] nanos, int perMinute, boolean saved) {
    // The walk looks into records, too.
    System.setProperty("jol.magicFieldOffset", "true");
    SeriesRecorder recorder = new SeriesRecorder(Series.operation("work"), new Minute(0, 0));
    int next = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      recorder.roll(new Minute(minute, 0));
      for (int i = 0; i < perMinute; i++) {
        recorder.record(nanos[next], i % FAILING == 0);
        next = (next + 1) % nanos.length;
      }
      if (saved) {
        for (SeriesRecorder.Unsaved unsaved : recorder.unsaved()) {
          recorder.sending(unsaved);
          recorder.saved(unsaved);
        }
      }
    }
    if (recorder.lost() > 0) {
      throw new IllegalStateException(recorder.lost() + " recordings were given up");
    }
    return GraphLayout.parseInstance(recorder).totalSize();
  }
}
