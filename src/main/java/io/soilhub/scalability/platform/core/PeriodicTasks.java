package io.soilhub.scalability.platform.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The periodic tasks of one part of the service, which start one by one and end together. Each has
/// a thread of its own, so that a slow one delays no other ([PeriodicTask]).
public final class PeriodicTasks implements AutoCloseable {

  private final List<PeriodicTask> tasks = new ArrayList<>();

  /// @param pause from the end of one step to the start of the next
  public void every(Duration pause, String name, Runnable step) {
    tasks.add(PeriodicTask.every(pause, name, step));
  }

  /// As [#every], without the steps before which the condition does not hold: for instance while
  /// PostgreSQL does not answer, or another replica leads.
  public void everyWhile(BooleanSupplier condition, Duration pause, String name, Runnable step) {
    every(
        pause,
        name,
        () -> {
          if (condition.getAsBoolean()) {
            step.run();
          }
        });
  }

  /// Ends the tasks in the order of their start, each as [PeriodicTask#close] does.
  @Override
  public void close() {
    tasks.forEach(PeriodicTask::close);
    tasks.clear();
  }
}
