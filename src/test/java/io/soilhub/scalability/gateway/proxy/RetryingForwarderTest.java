package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Endpoint;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.ForwardListener;
import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.fleet.NoInstanceAvailable;
import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.core.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which attempts are made, on an upstream that does what the test says.
class RetryingForwarderTest {

  private static final long MILLI = 1_000_000;
  private long now = 1;
  private final Deadlines deadlines = new Deadlines(() -> now);
  private final List<String> tried = new ArrayList<>();
  private final List<Object> script = new ArrayList<>();
  private final List<ForwardListener.Forward> told = new ArrayList<>();
  private final Fleet fleet = fleet();
  private final ServiceState state = new ServiceState(() -> now);
  private boolean breaksOff;
  private boolean clientGoes;
  private boolean readBody;

  @ParameterizedTest
  @CsvSource({
    "GET, UNREACHED, 2",
    "GET, BROKEN, 2",
    "GET, LATE, 2",
    "PUT, BROKEN, 2",
    "DELETE, LATE, 2",
    "POST, UNREACHED, 2",
    "POST, BROKEN, 1",
    "POST, LATE, 1",
    "PATCH, BROKEN, 1"
  })
  void onlyWhatIsSafeIsRepeatedAndElsewhere(String method, UpstreamFailure.Kind fault, int tries)
      throws IOException {
    script.addAll(List.of(fault, 200));
    if (tries == 2) {
      assertThat(forward(method)).isEqualTo(200);
    } else {
      assertThatThrownBy(() -> forward(method)).isInstanceOf(Problem.class);
    }
    assertThat(tried).hasSize(tries).doesNotHaveDuplicates();
  }

  @Test
  void aBodyThatWasTouchedIsNotSentAgain() {
    readBody = true;
    script.addAll(List.of(UpstreamFailure.Kind.BROKEN, 200));
    assertThatThrownBy(() -> forward("PUT")).isInstanceOf(Problem.class);
    assertThat(tried).hasSize(1);
  }

  @Test
  void anAnswer503IsTriedElsewhereAndPassedOnWhenNobodyIsLeft() throws IOException {
    script.addAll(List.of(503, 200));
    assertThat(forward("GET")).isEqualTo(200);
    script.addAll(List.of(503, 503, 503));
    assertThat(forward("GET")).isEqualTo(503);
    script.addAll(List.of(500));
    assertThat(forward("GET")).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({
    "LATE, 504, instance-late",
    "BROKEN, 502, instance-failed",
    "UNREACHED, 502, instance-failed"
  })
  void whenNobodyAnswersItIsSaidHow(UpstreamFailure.Kind fault, int status, String type) {
    script.addAll(List.of(fault, fault, fault));
    assertThatThrownBy(() -> forward("GET"))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> {
              assertThat(p.kind().status()).isEqualTo(status);
              assertThat(p.type()).isEqualTo(type);
            });
    assertThat(tried).hasSize(3);
  }

  @Test
  void repeatsEndWithTheBudget() {
    int requests = 400;
    for (int i = 0; i < requests; i++) {
      fleet.judge("a", new HealthCheckResult(Health.HEALTHY, 1, Optional.empty()));
      script.clear();
      script.addAll(
          List.of(
              UpstreamFailure.Kind.BROKEN,
              UpstreamFailure.Kind.BROKEN,
              UpstreamFailure.Kind.BROKEN));
      assertThatThrownBy(() -> forward("GET")).isInstanceOf(Problem.class);
    }
    assertThat(tried.size() - requests).isBetween(80, 90);
  }

  @Test
  void afterTheDeadlineNothingIsTried() {
    script.addAll(List.of(UpstreamFailure.Kind.LATE, 200));
    Deadlines.Deadline deadline = deadlines.in(1000);
    now += 2000 * MILLI;
    assertThatThrownBy(() -> run("GET", deadline)).isInstanceOf(Problem.class);
    assertThat(tried).hasSize(1);
  }

  @Test
  void whatIsOverIsBrokenOffOnce() {
    List<String> done = new ArrayList<>();
    Deadlines.Limit over = deadlines.in(1000).within(10);
    Deadlines.Limit open = deadlines.in(1000).within(100);
    over.onCut(() -> done.add("over"));
    open.onCut(() -> done.add("open"));
    now += 20 * MILLI;
    deadlines.step();
    deadlines.step();
    open.close();
    now += 200 * MILLI;
    deadlines.step();
    assertThat(done).containsExactly("over");
  }

  @Test
  void whatBeginsAfterItsTimeIsCutAtOnce() {
    List<String> done = new ArrayList<>();
    Deadlines.Limit late = deadlines.in(1000).within(10);
    now += 20 * MILLI;
    deadlines.step();
    late.onCut(() -> done.add("late"));
    assertThat(done).containsExactly("late");
    assertThat(late.begun()).isFalse();
  }

  @Test
  void anAnswerThatHasBegunIsCutByTheDeadlineOnly() {
    List<String> done = new ArrayList<>();
    Deadlines.Limit begun = deadlines.in(1000).within(10);
    begun.onCut(() -> done.add("begun"));
    assertThat(begun.begun()).isTrue();
    now += 900 * MILLI;
    deadlines.step();
    assertThat(done).isEmpty();
    now += 200 * MILLI;
    deadlines.step();
    assertThat(done).containsExactly("begun");
  }

  @Test
  void anAnswerThatBreaksOffIsTheInstancesFailure() {
    breaksOff = true;
    script.addAll(List.of(200, 200, 200));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> forward("GET")).isInstanceOf(IOException.class);
    }
    assertThat(tried).as("not sent again").hasSize(3);
    assertThat(fleet.members()).allSatisfy(m -> assertThat(m.totals().errors()).isEqualTo(1));
    assertThat(told).extracting(ForwardListener.Forward::failed).containsExactly(true, true, true);
  }

  @Test
  void anAnswerThatTheCallerDoesNotTakeIsNot() {
    clientGoes = true;
    script.add(200);
    assertThatThrownBy(() -> forward("GET")).isInstanceOf(ClientDisconnected.class);
    assertThat(fleet.members()).allSatisfy(m -> assertThat(m.totals().errors()).isZero());
    assertThat(told).extracting(ForwardListener.Forward::failed).containsExactly(false);
  }

  @Test
  void aRepeatIsPaidForOnlyWhenThereIsSomebodyToAsk() {
    fleet.judge("b", new HealthCheckResult(Health.UNHEALTHY, 1, Optional.empty()));
    fleet.judge("c", new HealthCheckResult(Health.UNHEALTHY, 1, Optional.empty()));
    fleet.apply(
        fleet.members().stream().map(Endpoint::instance).filter(i -> i.id().equals("a")).toList(),
        Map.of("s", policy(false)));
    for (int i = 0; i < 50; i++) {
      script.add(UpstreamFailure.Kind.BROKEN);
      assertThatThrownBy(() -> forward("GET")).isInstanceOf(Problem.class);
    }
    int left = 0;
    while (state.budget.spend()) {
      left++;
    }
    assertThat(left).as("10 from the start and 50 fifths").isBetween(19, 20);
  }

  @Test
  void withoutAnInstanceNothingIsSent() {
    for (String id : List.of("a", "b", "c")) {
      fleet.judge(id, new HealthCheckResult(Health.UNHEALTHY, 1, Optional.empty()));
    }
    assertThatThrownBy(() -> forward("GET")).isInstanceOf(NoInstanceAvailable.class);
    assertThat(tried).isEmpty();
  }

  @Test
  void theCallersFaultIsNotTheInstances() {
    script.add(new ClientDisconnected(new IOException("reset")));
    assertThatThrownBy(() -> forward("POST")).isInstanceOf(ClientDisconnected.class);
    assertThat(fleet.members()).allSatisfy(m -> assertThat(m.totals().errors()).isZero());
    assertThat(fleet.members()).allSatisfy(m -> assertThat(m.active()).isZero());
  }

  private int forward(String method) throws IOException {
    return run(method, deadlines.in(10_000));
  }

  private int run(String method, Deadlines.Deadline deadline) throws IOException {
    Body body = new Body(new ByteArrayInputStream(new byte[5]), 5, Long.MAX_VALUE, deadline);
    Upstream.Request request = new Upstream.Request(method, "/", List.of(), body);
    RecordedDownstream downstream = new RecordedDownstream();
    downstream.takesNothing = clientGoes;
    Pool pool = fleet.pool("s").orElseThrow();
    try (UpstreamAttempt attempt =
        new RetryingForwarder(this::send, Runnable::run, pool, state, request, deadline).send(7)) {
      new ResponseRelay(attempt, downstream, deadline, 5000).relay(method);
    }
    return downstream.status;
  }

  private Upstream.Response send(
      InstanceSpec instanceSpec, Upstream.Request request, int timeout, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    tried.add(instanceSpec.instanceId());
    if (readBody) {
      try {
        assertThat(request.body().read()).isZero();
      } catch (IOException e) {
        throw new ClientDisconnected(e);
      }
    }
    switch (script.removeFirst()) {
      case UpstreamFailure.Kind kind ->
          throw new UpstreamFailure(kind, new IOException("on purpose"));
      case ClientDisconnected gone -> throw gone;
      case Integer status -> {
        return breaksOff ? ScriptedResponse.broken(status) : ScriptedResponse.of(status);
      }
      default -> throw new IllegalStateException();
    }
  }

  private Fleet fleet() {
    Fleet all =
        new Fleet(
            new FleetContext("", () -> now, new SharedRandom(1), List.of(), List.of(told::add)),
            StrategyName.ROUND_ROBIN);
    all.apply(
        List.of("a", "b", "c").stream()
            .map(
                id ->
                    new Instance(
                        new InstanceSpec(id, "s", "localhost", 80, "/health", 1, "", ""),
                        Instance.Source.API,
                        Instant.EPOCH,
                        Optional.empty()))
            .toList(),
        Map.of("s", policy(false)));
    return all;
  }

  static Policy policy(boolean hedged) {
    return new Policy(
        StrategyName.ROUND_ROBIN,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0.0,
        null,
        null,
        null,
        null,
        hedged);
  }
}
