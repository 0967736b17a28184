package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.ForwardListener;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what this replica sent to the instances of each service. Totals of a service only grow,
/// whatever instances come and go. Services beyond the first thousand count together.
final class GatewayMetrics implements ForwardListener, MetricSource {

  private static final int SERVICES = 1000;
  private static final String OTHERS = "(others)";
  private static final double NANOS = 1e9;

  private static final class Totals {
    final LongAdder good = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder nanos = new LongAdder();
    final LongAdder bytes = new LongAdder();
  }

  private final Map<String, Totals> services = new ConcurrentHashMap<>();

  @Override
  public void forwarded(Forward forward) {
    Totals totals = services.get(forward.service());
    if (totals == null) {
      String name = services.size() < SERVICES ? forward.service() : OTHERS;
      totals = services.computeIfAbsent(name, _ -> new Totals());
    }
    (forward.failed() ? totals.failed : totals.good).increment();
    totals.nanos.add(forward.latencyNanos());
    totals.bytes.add(forward.bytes());
  }

  @Override
  public List<MetricFamily> families() {
    List<Value> forwards = new ArrayList<>();
    List<Value> seconds = new ArrayList<>();
    List<Value> bytes = new ArrayList<>();
    services.forEach(
        (service, totals) -> {
          forwards.add(
              new Value(Labels.of("service", service, "outcome", "answered"), totals.good.sum()));
          forwards.add(
              new Value(Labels.of("service", service, "outcome", "failed"), totals.failed.sum()));
          Labels labels = Labels.of("service", service);
          seconds.add(new Value(labels, totals.nanos.sum() / NANOS));
          bytes.add(new Value(labels, totals.bytes.sum()));
        });
    return List.of(
        new MetricFamily(
            "soilhub_gateway_forwards_total",
            "Requests that this replica sent to an instance, each try.",
            MetricFamily.Type.COUNTER,
            forwards),
        new MetricFamily(
            "soilhub_gateway_response_seconds_total",
            "Time until those answers began or failed.",
            MetricFamily.Type.COUNTER,
            seconds),
        new MetricFamily(
            "soilhub_gateway_answer_bytes_total",
            "Bytes of the bodies of those answers.",
            MetricFamily.Type.COUNTER,
            bytes));
  }
}
