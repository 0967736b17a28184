package io.soilhub.scalability.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Signals that Java cannot send by itself.
final class ProcessSignals {

  private ProcessSignals() {}

  /// SIGSTOP: the process stands still with its sockets open, and its system still answers
  /// connects.
  static void stop(long pid) {
    send("STOP", pid);
  }

  /// SIGCONT after [#stop].
  static void go(long pid) {
    send("CONT", pid);
  }

  private static void send(String name, long pid) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -%s %d answers %d".formatted(name, pid, code));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
