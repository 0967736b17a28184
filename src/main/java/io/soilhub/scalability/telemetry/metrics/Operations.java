package io.soilhub.scalability.telemetry.metrics;

/// Times work by name.
public interface Operations {

  /// Work that may throw.
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /// The handle of an operation; the same for the same name.
  ///
  /// @param name up to 120 letters, digits and `. _ - / { }`, without anything that differs from
  ///   call to call
  OperationTimer timer(String name);

  /// Runs the work and records how long it took, and whether it threw.
  <T, E extends Exception> T time(String name, Work<T, E> work) throws E;
}
