package io.soilhub.scalability.balancing.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Finds instances whose answers of the last seconds stand out from the others': most of them
/// errors, or several times as slow as is usual in the pool.
final class OutlierDetector {

  /// What one instance did within the window.
  record Window(String id, long requests, long errors, long latencyNanos) {

    Window since(Window before) {
      return new Window(
          id,
          requests - before.requests,
          errors - before.errors,
          latencyNanos - before.latencyNanos);
    }

    double meanMs() {
      return latencyNanos / 1e6 / requests;
    }
  }

  private static final int ENOUGH_REQUESTS = 20;
  private static final int ENOUGH_INSTANCES = 3;
  private static final double ERROR_RATE = 0.5;
  private static final double TIMES_AS_SLOW = 5;
  private static final double LEAST_SLOWER_MS = 20;

  private OutlierDetector() {}

  /// @return why each of those that stand out should be ejected, by id
  static Map<String, String> among(List<Window> windows) {
    Map<String, String> found = new TreeMap<>();
    List<Window> telling = windows.stream().filter(w -> w.requests() >= ENOUGH_REQUESTS).toList();
    List<Double> means = new ArrayList<>();
    for (Window window : telling) {
      if (window.errors() >= ERROR_RATE * window.requests()) {
        String rate = "%d of %d requests failed".formatted(window.errors(), window.requests());
        found.put(window.id(), rate);
      }
      means.add(window.meanMs());
    }
    if (telling.size() < ENOUGH_INSTANCES) {
      return found;
    }
    means.sort(null);
    double usual = means.get((means.size() - 1) / 2);
    for (Window window : telling) {
      double mean = window.meanMs();
      if (mean > TIMES_AS_SLOW * usual && mean > usual + LEAST_SLOWER_MS) {
        found.putIfAbsent(
            window.id(),
            String.format(Locale.ROOT, "%.0f ms on average where %.0f are usual", mean, usual));
      }
    }
    return found;
  }
}
