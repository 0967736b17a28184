package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.ForwardListener;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two instances, of which the first never answers until it is given up.
class HedgedRequestTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final AtomicLong forward = new AtomicLong();
  private final AtomicBoolean gone = new AtomicBoolean();
  private final Deadlines deadlines = new Deadlines(() -> System.nanoTime() + forward.get());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> cut = new CopyOnWriteArrayList<>();
  private final List<ForwardListener.Forward> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger secondAnswers = new AtomicInteger(200);
  private final CountDownLatch firstAnswers = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ServiceState state = new ServiceState(System::nanoTime);
  private final Fleet fleet = fleet();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void theQuickerInstanceAnswersAndTheOtherIsGivenUpWithoutBlame() throws IOException {
    learn(1);
    assertThat(forward("GET", 0)).isEqualTo(200);
    Await.until("both were asked", LIMIT, () -> asked.size() == 2);
    assertThat(asked).containsExactlyInAnyOrder("a", "b");
    Await.until("the first was given up", LIMIT, () -> cut.equals(List.of("a")));
    Endpoint slow = fleet.member("a").orElseThrow();
    Await.until("it is over", LIMIT, () -> told.size() == 2);
    assertThat(slow.totals().requests()).isEqualTo(1);
    assertThat(slow.totals().errors()).isZero();
    assertThat(slow.active()).isZero();
    assertThat(told).noneMatch(ForwardListener.Forward::failed);
  }

  @Test
  void anAnswerThatFailsDoesNotWinAgainstOneStillToCome() throws IOException {
    learn(1);
    secondAnswers.set(500);
    Thread.ofVirtual()
        .start(
            () -> {
              Await.until("the second was asked", LIMIT, () -> asked.size() == 2);
              firstAnswers.countDown();
            });
    assertThat(forward("GET", 0)).isEqualTo(201);
    assertThat(cut).isEmpty();
  }

  @Test
  void untilEnoughIsKnownNothingIsSentTwice() throws IOException {
    firstAnswers.countDown();
    assertThat(forward("GET", 0)).isEqualTo(201);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void whoAnswersInTheUsualTimeIsAloneInIt() throws IOException {
    learn(LIMIT.toNanos());
    firstAnswers.countDown();
    assertThat(forward("GET", 0)).isEqualTo(201);
    assertThat(asked).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "HEAD", "GET with a body"})
  void onlyAGetWithoutABodyIsSentTwice(String what) throws IOException {
    learn(1);
    firstAnswers.countDown();
    assertThat(forward(what.split(" ")[0], what.contains("body") ? 3 : 0)).isEqualTo(201);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void aSecondTryIsPaidFor() throws IOException {
    learn(1);
    while (state.budget.spend()) {
      // until nothing is left
    }
    Thread.ofVirtual()
        .start(
            () -> {
              Await.until("it was asked", LIMIT, () -> !asked.isEmpty());
              firstAnswers.countDown();
            });
    assertThat(forward("GET", 0)).isEqualTo(201);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void whoLeavesIsAskedForNoFurtherAndBlamesNobody() {
    learn(1);
    Thread.ofVirtual()
        .start(
            () -> {
              Await.until("it was asked", LIMIT, () -> asked.contains("a"));
              gone.set(true);
              forward.addAndGet(1_000_000_000L);
              deadlines.step();
            });
    while (state.budget.spend()) {
      // until nothing is left
    }
    assertThatThrownBy(() -> forward("GET", 0)).isInstanceOf(ClientDisconnected.class);
    assertThat(asked).containsExactly("a");
    Await.until("it is over", LIMIT, () -> fleet.members().stream().allMatch(m -> m.active() == 0));
    assertThat(told).noneMatch(ForwardListener.Forward::failed);
    assertThat(fleet.members()).allSatisfy(m -> assertThat(m.totals().errors()).isZero());
  }

  private void learn(long nanos) {
    for (int i = 0; i < 64; i++) {
      state.latency.observe(nanos);
    }
  }

  private int forward(String method, int length) throws IOException {
    Deadlines.Deadline deadline = deadlines.in((int) LIMIT.toMillis(), gone::get);
    Body body =
        new Body(new ByteArrayInputStream(new byte[length]), length, Long.MAX_VALUE, deadline);
    Upstream.Request request = new Upstream.Request(method, "/", List.of(), body);
    Pool pool = fleet.pool("s").orElseThrow();
    try (UpstreamAttempt attempt =
        new RetryingForwarder(this::send, threads, pool, state, request, deadline).send(0)) {
      return attempt.response().orElseThrow().status();
    }
  }

  private Upstream.Response send(
      InstanceSpec instanceSpec, Upstream.Request request, int timeout, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    String id = instanceSpec.instanceId();
    asked.add(id);
    if (id.equals("b")) {
      return ScriptedResponse.of(secondAnswers.get());
    }
    limit.onCut(
        () -> {
          cut.add(id);
          firstAnswers.countDown();
        });
    try {
      firstAnswers.await();
    } catch (InterruptedException e) {
      throw new UpstreamFailure(UpstreamFailure.Kind.BROKEN, e);
    }
    if (limit.whole().isAbandoned()) {
      throw new ClientDisconnected(new IOException("cut"));
    }
    if (limit.isCut()) {
      throw new UpstreamFailure(UpstreamFailure.Kind.LATE, new IOException("cut"));
    }
    return ScriptedResponse.of(201);
  }

  private Fleet fleet() {
    Fleet all =
        new Fleet(
            new FleetContext(
                "", System::nanoTime, new SharedRandom(1), List.of(), List.of(told::add)),
            StrategyName.ROUND_ROBIN);
    all.apply(
        List.of("a", "b").stream()
            .map(
                id ->
                    new Instance(
                        new InstanceSpec(id, "s", "localhost", 80, "/health", 1, "", ""),
                        Instance.Source.API,
                        Instant.EPOCH,
                        Optional.empty()))
            .toList(),
        Map.of("s", RetryingForwarderTest.policy(true)));
    return all;
  }
}
