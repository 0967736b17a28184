package io.soilhub.scalability.jobs.engine;

import static io.soilhub.scalability.telemetry.tracing.RecordedSpans.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.telemetry.tracing.RecordedSpans;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import io.soilhub.scalability.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How the spans of jobs end, for each way in which a job can end.
class JobSpansIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  @RegisterExtension static final TestStores STORES = new TestStores();

  private final RecordedSpans spans = new RecordedSpans();
  private final Span request =
      spans.tracing().begin(Tracing.Kind.SERVER, "request", TraceContext.NONE);
  private final List<TestEngine> engines = new ArrayList<>();
  private final AtomicReference<Jobs> jobs = new AtomicReference<>();
  private final CompletableFuture<UUID> child = new CompletableFuture<>();
  private final CountDownLatch begun = new CountDownLatch(1);

  @AfterEach
  void close() {
    engines.reversed().forEach(TestEngine::close);
    spans.close();
  }

  @Test
  void aJobThatARunSubmitsLiesBelowTheRun() {
    UUID id = submit(engine().start(), "parent");
    SpanData parent = ended(id).getFirst();
    SpanData below = ended(child.join()).getFirst();
    assertThat(below.getTraceId()).isEqualTo(request.context().traceId());
    assertThat(below.getParentSpanId()).isEqualTo(parent.getSpanId());
    assertThat(parent.getParentSpanId()).isEqualTo(request.context().spanId());
  }

  @Test
  void aJobThatNobodyAskedForBeginsATrace() {
    UUID id = engine().start().jobs().submit(JobRequest.of("quick", Json.object()));
    assertThat(ended(id).getFirst().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void aFailureIsAnErrorWithTheTypeThatTheJobShows() {
    SpanData span = ended(submit(engine().start(), "broken")).getFirst();
    assertThat(text(span, "soilhub.job.outcome")).isEqualTo("failed");
    assertThat(text(span, "error.type")).isEqualTo("NO_TRIAL_DATA");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void aCancellationIsNoError() throws InterruptedException {
    TestEngine one = engine().start();
    UUID id = submit(one, "endless");
    begun.await();
    one.jobs().cancel(id);
    SpanData span = ended(id).getFirst();
    assertThat(text(span, "soilhub.job.outcome")).isEqualTo("cancelled");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void aJobWhoseWorkersDiedTooOftenEndsItsTraceWithoutARun() {
    TestEngine one = engine();
    UUID id = submit(one, "quick");
    ThreadFactory threads = Thread.ofPlatform().daemon().factory();
    try (Journal dead = new Journal(one.database, 3, Set.of("quick"), threads)) {
      assertThat(dead.claim(List.of(id), "dead").join()).hasSize(1);
    }
    one.start();
    SpanData span = ended(id).getFirst();
    assertThat(span.getParentSpanId()).isEqualTo(request.context().spanId());
    assertThat(text(span, "soilhub.job.outcome")).isEqualTo("failed");
    assertThat(text(span, "error.type")).isEqualTo("CRASH_LOOP");
  }

  private UUID submit(TestEngine engine, String type) {
    try (Span.Scope _ = request.enter()) {
      return engine.jobs().submit(JobRequest.of(type, Json.object()));
    }
  }

  private List<SpanData> ended(UUID job) {
    Await.until("the span of " + job, SOON, () -> !of(job).isEmpty());
    return of(job);
  }

  private List<SpanData> of(UUID job) {
    return spans.ended().stream()
        .filter(span -> text(span, "soilhub.job.id").equals(job.toString()))
        .toList();
  }

  private TestEngine engine() {
    Tracing tracing = spans.tracing();
    List<JobHandler> handlers =
        List.of(
            Handlers.of("quick", _ -> Json.object()),
            Handlers.of(
                "parent",
                _ -> {
                  child.complete(jobs.get().submit(JobRequest.of("quick", Json.object())));
                  return Json.object();
                }),
            Handlers.of(
                "broken",
                _ -> {
                  throw JobFailed.permanently("NO_TRIAL_DATA", "on purpose");
                }),
            Handlers.of(
                "endless",
                _ -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return Json.object();
                }));
    TestEngine engine =
        TestEngine.of(
            "one",
            STORES.url(),
            STORES.redis().open(),
            handlers,
            Map.of("JOB_CRASH_LIMIT", "0"),
            tracing);
    engines.add(engine);
    jobs.set(engine.jobs());
    return engine;
  }
}
