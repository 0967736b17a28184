package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// Time from the moment at which a job was due to be submitted to the begin of its run, under an
/// open loop of constant rate. Because it counts from the due moment, a stall of the system or of
/// the load generator is charged to each job that it delayed (no coordinated omission).
final class Latency {

  /// Milliseconds.
  record Sample(double p50, double p99, double p999, double max) {}

  private static final int WARM_UP_SECONDS = 2;
  private static final long LONGEST_MICROS = 600_000_000;

  private final Stores stores;

  Latency(Stores stores) {
    this.stores = stores;
  }

  Sample measure(SubjectProcess subject, int slots, int rate, Duration length) throws Exception {
    subject.call(Protocol.message().put("do", "reset"));
    stores.settle();
    ObjectNode request = Protocol.message().put("do", "pace").put("rate", rate);
    request.put("seconds", length.toSeconds() + WARM_UP_SECONDS).put("slots", slots);
    ObjectNode answer = subject.call(request);
    JsonNode latencies = answer.get("latencies");
    if (answer.get("refused").intValue() > 0 || answer.get("runs").intValue() < latencies.size()) {
      throw new IllegalStateException("%s did not take all jobs".formatted(subject));
    }
    Histogram histogram = new Histogram(LONGEST_MICROS, 3);
    for (int i = rate * WARM_UP_SECONDS; i < latencies.size(); i++) {
      histogram.recordValue(Math.min(LONGEST_MICROS, latencies.get(i).longValue()));
    }
    return new Sample(
        histogram.getValueAtPercentile(50) / 1000.0,
        histogram.getValueAtPercentile(99) / 1000.0,
        histogram.getValueAtPercentile(99.9) / 1000.0,
        histogram.getMaxValue() / 1000.0);
  }
}
