package io.soilhub.scalability.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HandSetClock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestMeterTest {

  private final HandSetClock clock = new HandSetClock("2026-05-01T00:00:00Z");
  private final RecorderRegistry recorderRegistry = new RecorderRegistry(10, 10, clock);
  private final AtomicLong nanos = new AtomicLong();
  private final RequestMeter meter =
      new RequestMeter(nanos::get, new MetricsRecorder(recorderRegistry, nanos::get, clock));

  @Test
  void requestsAreTimedAllTogetherAndByTheirCall() {
    RequestMeter.Measured slow = meter.begin();
    nanos.addAndGet(1_000_000);
    RequestMeter.Measured quick = meter.begin();
    nanos.addAndGet(2_000_000);
    quick.end(503, Optional.empty());
    assertThat(value("soilhub_http_active_requests", Labels.NONE)).isEqualTo(1);
    slow.end(201, Optional.of("rest.jobs.submit"));

    TimeSlot all = recorderRegistry.of(Series.operation("http")).total();
    assertThat(all.count()).isEqualTo(2);
    assertThat(all.errors()).isEqualTo(1);
    assertThat(all.sum()).isEqualTo(5e6);
    TimeSlot call = recorderRegistry.of(Series.operation("rest.jobs.submit")).total();
    assertThat(call.count()).isEqualTo(1);
    assertThat(call.sum()).isEqualTo(3e6);
    assertThat(value("soilhub_http_active_requests", Labels.NONE)).isZero();
    assertThat(value("soilhub_http_request_seconds_total", Labels.NONE)).isEqualTo(0.005);
  }

  @Test
  void answersAreCountedByTheClassOfTheirStatus() {
    for (int status : new int[] {200, 204, 304, 404, 429, 499, 500, 0, 999}) {
      meter.begin().end(status, Optional.empty());
    }
    assertThat(answered("1xx")).isEqualTo(1);
    assertThat(answered("2xx")).isEqualTo(2);
    assertThat(answered("3xx")).isEqualTo(1);
    assertThat(answered("4xx")).isEqualTo(3);
    assertThat(answered("5xx")).isEqualTo(2);
  }

  private double answered(String status) {
    return value("soilhub_http_requests_total", Labels.of("status", status));
  }

  private double value(String family, Labels labels) {
    return meter.families().stream()
        .filter(f -> f.name().equals(family))
        .flatMap(f -> f.samples().stream())
        .filter(s -> s.labels().equals(labels))
        .mapToDouble(s -> ((MetricFamily.Value) s).value())
        .sum();
  }
}
