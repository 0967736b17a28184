package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.JobFilter;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.testing.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The life of a job on two replicas, with nothing failing but handlers.
class JobLifecycleIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JobQueue QUEUE = JobQueue.DATA_PROCESSING;
  @RegisterExtension static final TestStores STORES = new TestStores();

  private final List<TestEngine> engines = new ArrayList<>();
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    engines.reversed().forEach(TestEngine::close);
  }

  @Test
  void aJobRunsAndLeavesItsResultAndHistory() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("echo", Json.object().put("x", 7)));
    Job job = one.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.result().orElseThrow().path("x").asInt()).isEqualTo(7);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.progress()).isEqualTo(100);
    assertThat(job.worker()).contains("one");
    assertThat(TestEngine.states(job))
        .containsExactly(JobStatus.PENDING, JobStatus.RUNNING, JobStatus.COMPLETED);
    assertThat(job.createdAt()).isBeforeOrEqualTo(job.startedAt().orElseThrow());
  }

  @Test
  void aFailedAttemptIsRepeatedAndRemembered() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("second_try", Json.object()));
    Job job = one.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.error()).isEmpty();
    assertThat(TestEngine.states(job))
        .containsExactly(
            JobStatus.PENDING,
            JobStatus.RUNNING,
            JobStatus.RETRYING,
            JobStatus.RUNNING,
            JobStatus.COMPLETED);
    assertThat(job.history())
        .filteredOn(step -> step.status() == JobStatus.RETRYING)
        .singleElement()
        .satisfies(step -> assertThat(step.message()).contains("not this time"));
  }

  @Test
  void aJobWithoutAttemptsLeftIsADeadLetterAndCanBeRetried() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("broken", Json.object()).withLimits(2, 10));
    Job job = one.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.error().orElseThrow().type()).isEqualTo("UNEXPECTED");
    assertThat(list(one, "failed")).extracting(Job::jobId).containsExactly(id);
    one.jobs().retry(id, Optional.empty());
    Await.until("fails again", SOON, () -> ran.stream().filter("broken"::equals).count() >= 4);
    Job again = one.ended(id, SOON);
    assertThat(again.history()).hasSizeGreaterThan(job.history().size());
    assertThatThrownBy(
            () ->
                one.jobs()
                    .retry(
                        one.jobs().submit(JobRequest.of("hold", Json.object())), Optional.empty()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT));
  }

  /// The replica that retried it may have died before it could answer.
  @Test
  void aRetryThatIsRepeatedAsTheSameOperationIsAnsweredAndNotDoneAgain() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("broken", Json.object()).withLimits(1, 10));
    one.ended(id, SOON);
    Optional<UUID> operation = Optional.of(UUID.randomUUID());
    one.jobs().retry(id, operation);
    one.jobs().retry(id, operation);
    Await.until("fails again", SOON, () -> ran.stream().filter("broken"::equals).count() >= 2);
    Job again = one.ended(id, SOON);
    one.jobs().retry(id, operation);
    assertThat(one.jobs().get(id)).isEqualTo(again);
    one.jobs().retry(id, Optional.of(UUID.randomUUID()));
    assertThat(one.jobs().get(id)).isNotEqualTo(again);
  }

  @Test
  void whatTheHandlerCallsPermanentIsNotRepeated() {
    TestEngine one = engine("one");
    Job job = one.ended(one.jobs().submit(JobRequest.of("hopeless", Json.object())), SOON);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.error()).contains(new Job.Failure("NO_TRIAL_DATA", "there is none"));
  }

  @Test
  void aDelayIsKept() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("echo", Json.object()).withDelaySeconds(2));
    Job job = one.ended(id, SOON);
    Duration waited = Duration.between(job.createdAt(), job.startedAt().orElseThrow());
    assertThat(waited).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
  }

  @Test
  void higherPriorityGoesFirstAndFirstInGoesFirstWithinOne() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1"));
    pause(one, true);
    List<String> expected = new ArrayList<>();
    List<UUID> ids = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      for (int i = 0; i < 3; i++) {
        String name = priority + "-" + i;
        expected.add((3 - priority.ordinal()) * 3 + i + ":" + name);
        JobRequest request = JobRequest.of("named", Json.object().put("name", name));
        ids.add(one.jobs().submit(request.withPriority(priority)));
      }
    }
    ready(one, ids.size());
    pause(one, false);
    ids.forEach(id -> one.ended(id, SOON));
    assertThat(ran)
        .containsExactlyElementsOf(
            expected.stream()
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .map(e -> e.substring(e.indexOf(':') + 1))
                .toList());
  }

  @Test
  void aLowJobIsOvertakenOnlyWithinTheAgeingBound() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1", "JOB_AGEING_SECONDS", "0"));
    pause(one, true);
    UUID low = one.jobs().submit(named("low").withPriority(Priority.LOW));
    UUID critical = one.jobs().submit(named("critical").withPriority(Priority.CRITICAL));
    ready(one, 2);
    pause(one, false);
    one.ended(critical, SOON);
    one.ended(low, SOON);
    assertThat(ran).containsExactly("low", "critical");
  }

  @Test
  void aStepOfPriorityIsWorthItsTimeAndNoMore() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1", "JOB_AGEING_SECONDS", "1"));
    pause(one, true);
    List<UUID> ids = new ArrayList<>();
    ids.add(one.jobs().submit(named("low").withPriority(Priority.LOW)));
    // three steps are 3 s: the first becomes due within them, the second after them
    for (int due : List.of(1, 5)) {
      JobRequest request = named("critical " + due).withPriority(Priority.CRITICAL);
      ids.add(one.jobs().submit(request.withDelaySeconds(due)));
    }
    ready(one, 3);
    pause(one, false);
    ids.forEach(id -> one.ended(id, SOON));
    assertThat(ran).containsExactly("critical 1", "low", "critical 5");
  }

  @Test
  void anAttemptThatTakesTooLongIsStoppedEvenWhenItsHandlerIgnoresThat() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1"));
    UUID stuck = one.jobs().submit(JobRequest.of("deaf", Json.object()).withLimits(1, 1));
    Job job = one.ended(stuck, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error().orElseThrow().type()).isEqualTo("TIMEOUT");
    UUID next = one.jobs().submit(JobRequest.of("echo", Json.object()));
    assertThat(one.ended(next, SOON).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void ofHandlersThatIgnoreTheirInterruptNoMoreThreadsAreLeftBehindThanThereAreSlots() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1"));
    JobRequest request = JobRequest.of("deaf", Json.object()).withLimits(1, 1);
    UUID first = one.jobs().submit(request);
    assertThat(one.ended(first, SOON).error().orElseThrow().type()).isEqualTo("TIMEOUT");
    UUID second = one.jobs().submit(request);
    Await.until("it runs", SOON, () -> inside.get() == 2);
    UUID third = one.jobs().submit(request);
    Job waiting = one.jobs().await(second, Duration.ofSeconds(4)).join();
    assertThat(waiting.status()).as("its thread is not replaced").isEqualTo(JobStatus.RUNNING);
    assertThat(one.jobs().get(third).status()).isEqualTo(JobStatus.PENDING);
    assertThat(mostInside).hasValue(2);
    release.countDown();
    assertThat(one.ended(second, SOON).status().terminal()).isTrue();
    assertThat(one.ended(third, SOON).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void aPendingJobIsCancelledAtOnce() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("echo", Json.object()).withDelaySeconds(60));
    assertThat(one.jobs().cancel(id)).isEqualTo(JobStatus.CANCELLED);
    assertThat(one.jobs().get(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(list(one, "cancelled")).extracting(Job::jobId).containsExactly(id);
    assertThatThrownBy(() -> one.jobs().cancel(id)).isInstanceOf(Problem.class);
  }

  @Test
  void aRunningJobIsCancelledFromAnotherReplicaWithinFiveSeconds() throws Exception {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("hold", Json.object()));
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    TestEngine two = engine("two", Map.of("WORKERS_PER_QUEUE", "0"));
    assertThat(two.jobs().cancel(id)).isEqualTo(JobStatus.RUNNING);
    Job job = two.ended(id, Duration.ofSeconds(5));
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    Await.until("the handler hears of it", SOON, () -> ran.contains("hold interrupted"));
  }

  @Test
  void aRepeatedSubmissionCreatesNothingTwice() {
    TestEngine one = engine("one");
    UUID operation = new Uuid7(Clock.systemUTC(), new SplittableRandom()).next();
    List<JobRequest> requests = Collections.nCopies(1000, JobRequest.of("echo", Json.object()));
    List<UUID> first = one.jobs().submitAll(requests, Optional.of(operation));
    List<UUID> second = one.jobs().submitAll(requests, Optional.of(operation));
    assertThat(second).isEqualTo(first).doesNotHaveDuplicates();
    first.forEach(id -> one.ended(id, SOON));
    assertThat(ran).hasSize(1000);
  }

  @Test
  void ofABatchWithOneFaultNothingIsTaken() {
    TestEngine one = engine("one");
    List<JobRequest> requests =
        List.of(
            JobRequest.of("echo", Json.object()),
            JobRequest.of("nonsense", Json.object()),
            JobRequest.of("echo", Json.object()).withDelaySeconds(-1));
    assertThatThrownBy(() -> one.jobs().submitAll(requests, Optional.empty()))
        .isInstanceOfSatisfying(
            Problem.class,
            p ->
                assertThat(p.violations())
                    .extracting(Problem.Violation::pointer)
                    .containsExactlyInAnyOrder("/jobs/1/job_type", "/jobs/2/delay_seconds"));
    assertThat(list(one, "")).isEmpty();
  }

  @Test
  void theConcurrencyLimitHoldsOverReplicas() {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "8"));
    TestEngine two = engine("two", Map.of("WORKERS_PER_QUEUE", "8"));
    one.jobs().queues().limit(QUEUE, new QueueAdmin.Limits(false, Optional.of(3), null), 0);
    List<JobRequest> requests = Collections.nCopies(60, JobRequest.of("brief", Json.object()));
    List<UUID> ids = one.jobs().submitAll(requests, Optional.empty());
    ids.forEach(id -> two.ended(id, SOON));
    assertThat(mostInside.get()).isBetween(2, 3);
  }

  @Test
  void ofLimitsSetAtTheSameTimeTheNewestStay() throws Exception {
    QueueAdmin board = engine("one").jobs().queues();
    Callable<Void> operator =
        () -> {
          for (int i = 1; i <= 100; i++) {
            limited(board, i);
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Void> one : threads.invokeAll(Collections.nCopies(4, operator))) {
        one.get();
      }
    }
    String max = STORES.redis().open().commands().hget("jobs:{" + QUEUE.text() + "}:limits", "max");
    assertThat(board.limits(QUEUE).limits().maxConcurrency()).contains(Integer.valueOf(max));
  }

  @Test
  void theRateLimitHolds() {
    TestEngine one = engine("one");
    one.jobs().queues().limit(QUEUE, new QueueAdmin.Limits(false, null, Optional.of(120)), 0);
    List<JobRequest> requests = Collections.nCopies(8, JobRequest.of("echo", Json.object()));
    List<UUID> ids = one.jobs().submitAll(requests, Optional.empty());
    List<Job> jobs = ids.stream().map(id -> one.ended(id, SOON)).toList();
    Duration spread =
        Duration.between(
            jobs.stream()
                .map(j -> j.startedAt().orElseThrow())
                .min(Comparator.naturalOrder())
                .orElseThrow(),
            jobs.stream()
                .map(j -> j.startedAt().orElseThrow())
                .max(Comparator.naturalOrder())
                .orElseThrow());
    // two at once, then one each half second: 3 s, of which a late first start takes something
    assertThat(spread).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
  }

  @Test
  void anEffectHappensOnceHoweverOftenTheJobRuns() {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("effect_then_failure", Json.object()));
    Job job = one.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(ran).containsExactly("effect", "run 1", "run 2", "run 3");
  }

  @Test
  void aStoppingReplicaGivesItsJobsBackUnburnt() throws Exception {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1", "SHUTDOWN_GRACE_SECONDS", "1"));
    UUID id = one.jobs().submit(JobRequest.of("hold", Json.object()));
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    engines.remove(one);
    one.close();
    release.countDown();
    TestEngine two = engine("two");
    Job job = two.ended(id, SOON);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.worker()).contains("two");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashes()).isZero();
  }

  @Test
  void aStoppingReplicaGivesBackAtOnceWhatHasNotBegun() throws Exception {
    TestEngine one = engine("one", Map.of("WORKERS_PER_QUEUE", "1", "SHUTDOWN_GRACE_SECONDS", "9"));
    // so quick that the next ones are taken ahead
    List<JobRequest> quick = Collections.nCopies(60, JobRequest.of("echo", Json.object()));
    one.jobs().submitAll(quick, Optional.empty()).forEach(id -> one.ended(id, SOON));
    pause(one, true);
    UUID held = one.jobs().submit(JobRequest.of("hold", Json.object()));
    List<UUID> behind = one.jobs().submitAll(quick.subList(0, 30), Optional.empty());
    ready(one, 31);
    pause(one, false);
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    engines.remove(one);
    try (ExecutorService closer = Executors.newSingleThreadExecutor()) {
      Future<?> closed = closer.submit(one::close);
      TestEngine two = engine("two");
      for (UUID id : behind) {
        Job job = two.ended(id, Duration.ofSeconds(8));
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.worker()).contains("two");
        assertThat(job.attempt()).isEqualTo(1);
      }
      assertThat(closed).as("the running one has its grace").isNotDone();
      release.countDown();
      assertThat(two.ended(held, SOON).worker()).contains("one");
      closed.get();
    }
  }

  @Test
  void progressIsSeenWhileTheJobRuns() throws Exception {
    TestEngine one = engine("one");
    UUID id = one.jobs().submit(JobRequest.of("hold", Json.object()));
    assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Await.until("progress", SOON, () -> one.jobs().get(id).progress() == 40);
    release.countDown();
    assertThat(one.ended(id, SOON).progress()).isEqualTo(100);
  }

  @Test
  void endedJobsArePurgedByAgeAndOpenOnesStay() {
    TestEngine one = engine("one");
    UUID ended = one.jobs().submit(JobRequest.of("echo", Json.object()));
    one.ended(ended, SOON);
    UUID open = one.jobs().submit(JobRequest.of("echo", Json.object()).withDelaySeconds(60));
    var archive = new JobRepository(one.database);
    UUID start = JobRepository.Purged.START;
    assertThat(archive.purge(Duration.ofDays(1), start, 100).deleted()).isZero();
    Await.until(
        "a second old",
        SOON,
        () -> archive.purge(Duration.ofSeconds(1), start, 100).deleted() == 1);
    assertThat(one.jobs().find(ended)).isEmpty();
    assertThat(one.jobs().find(open)).isPresent();
  }

  private TestEngine engine(String node) {
    return engine(node, Map.of());
  }

  /// With the lease of production: nothing dies here, so none may run out on a slow machine.
  private TestEngine engine(String node, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("JOB_LEASE_SECONDS", "10");
    TestEngine engine =
        TestEngine.of(node, STORES.url(), STORES.redis().open(), handlers(), all).start();
    engines.add(engine);
    return engine;
  }

  private List<JobHandler> handlers() {
    return List.of(
        Handlers.of(
            "echo",
            run -> {
              ran.add("echo");
              return run.payload();
            }),
        Handlers.of(
            "named",
            run -> {
              ran.add(run.payload().path("name").asText());
              return Json.object();
            }),
        Handlers.of(
            "second_try",
            run -> {
              if (run.attempt() == 1) {
                throw JobFailed.transiently("NOT_NOW", "not this time");
              }
              return Json.object();
            }),
        Handlers.of(
            "broken",
            run -> {
              ran.add("broken");
              throw new IllegalStateException("secret detail");
            }),
        Handlers.of(
            "hopeless",
            run -> {
              throw JobFailed.permanently("NO_TRIAL_DATA", "there is none");
            }),
        Handlers.of(
            "brief",
            run -> {
              mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.sleep(20);
              inside.decrementAndGet();
              return Json.object();
            }),
        Handlers.of(
            "deaf",
            run -> {
              mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
              while (release.getCount() > 0) {
                Thread.onSpinWait();
              }
              return Json.object();
            }),
        Handlers.of("hold", this::hold),
        Handlers.of("effect_then_failure", this::effectThenFailure));
  }

  private JsonNode hold(JobRun run) throws InterruptedException {
    run.progress(40);
    begun.countDown();
    try {
      release.await();
      return Json.object();
    } catch (InterruptedException e) {
      ran.add("hold interrupted");
      throw e;
    }
  }

  private JsonNode effectThenFailure(JobRun run) {
    run.once(
        "effect",
        connection -> {
          ran.add("effect");
          return null;
        });
    ran.add("run " + run.attempt());
    if (run.attempt() < 3) {
      throw JobFailed.transiently("NOT_NOW", "not this time");
    }
    return Json.object();
  }

  private static JobRequest named(String name) {
    return JobRequest.of("named", Json.object().put("name", name));
  }

  /// Waits until Redis was told of all jobs, which a submission does not wait for.
  private static void ready(TestEngine engine, int jobs) {
    Await.until(
        "all jobs are in the queue",
        SOON,
        () -> engine.redis.commands().zcard("jobs:{" + QUEUE.text() + "}:ready") == jobs);
  }

  /// Sets a limit unless somebody else was quicker.
  private static void limited(QueueAdmin board, int most) {
    try {
      board.limit(
          QUEUE,
          new QueueAdmin.Limits(false, Optional.of(most), null),
          board.limits(QUEUE).version());
    } catch (Problem e) {
      assertThat(e.kind()).isEqualTo(Problem.Kind.STALE);
    }
  }

  private static void pause(TestEngine engine, boolean paused) {
    long version = engine.jobs().queues().limits(QUEUE).version();
    engine.jobs().queues().limit(QUEUE, new QueueAdmin.Limits(paused, null, null), version);
  }

  private static List<Job> list(TestEngine engine, String status) {
    return engine.jobs().list(new JobFilter(status, "", "", ""), Optional.empty(), 50).items();
  }

  private static int rank(String entry) {
    return Integer.parseInt(entry.substring(0, entry.indexOf(':')));
  }
}
