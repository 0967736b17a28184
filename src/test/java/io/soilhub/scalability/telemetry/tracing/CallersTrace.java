package io.soilhub.scalability.telemetry.tracing;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.OtlpReceiver;
import io.soilhub.scalability.testing.OtlpReceiver.Received;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A trace that a caller of the service has begun, and what a collector has of it.
record CallersTrace(String id, OtlpReceiver collector) {

  static final String SPAN = "b7ad6b7169203331";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  static CallersTrace begin(OtlpReceiver collector) {
    byte[] id = new byte[16];
    ThreadLocalRandom.current().nextBytes(id);
    return new CallersTrace(HexFormat.of().formatHex(id), collector);
  }

  /// What the caller sends.
  String traceparent() {
    return "00-%s-%s-01".formatted(id, SPAN);
  }

  /// The one request of it.
  Received request() {
    return all("SERVER", 1).getFirst();
  }

  /// The one try at an instance.
  Received tried() {
    return all("CLIENT", 1).getFirst();
  }

  /// The runs of its jobs by their attempts, once there are so many.
  List<Received> runs(int expected) {
    return all("CONSUMER", expected).stream()
        .sorted(Comparator.comparing(run -> run.attributes().get("soilhub.job.attempt")))
        .toList();
  }

  private List<Received> all(String kind, int expected) {
    Await.until(
        () -> "%d spans of kind %s in %s".formatted(expected, kind, collector.trace(id)),
        LIMIT,
        () -> of(kind).size() >= expected);
    if (of(kind).size() > expected) {
      throw new AssertionError("too many spans: " + of(kind));
    }
    return of(kind);
  }

  private List<Received> of(String kind) {
    return collector.trace(id).stream().filter(span -> span.kind().equals(kind)).toList();
  }
}
