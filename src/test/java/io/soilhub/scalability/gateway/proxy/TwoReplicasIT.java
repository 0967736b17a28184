package io.soilhub.scalability.gateway.proxy;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two replicas of one service, as their users see them: they share PostgreSQL and Redis and agree
/// on the fleet. How long that takes stands in the log; two seconds are promised on a machine that
/// is not busy with other things.
class TwoReplicasIT {

  /// What the callers counted of one instance, and what an instance shows.
  private record Counted(long requests, long errors) {

    Counted plus(Counted other) {
      return new Counted(requests + other.requests, errors + other.errors);
    }
  }

  private static final Logger LOG = System.getLogger(TwoReplicasIT.class.getName());
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration START_LIMIT = Duration.ofSeconds(240);
  private static final int CALLERS = 4;
  private static final int CALLS = 150;
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static HttpCalls one;
  private static HttpCalls two;

  @BeforeAll
  static void start() {
    TestRedis redis = TestRedis.start();
    OPEN.add(redis);
    Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
    variables.put("HEALTH_CHECK_INTERVAL", "1");
    List<LibertyReplica> replicas =
        List.of(
            LibertyReplica.launch("pair-1", variables), LibertyReplica.launch("pair-2", variables));
    OPEN.addAll(replicas);
    replicas.forEach(replica -> replica.awaitStatus("/health/ready", 200, START_LIMIT));
    one = replicas.getFirst().http();
    two = replicas.getLast().http();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  @Test
  void whatOneLearnsOfTheFleetTheOtherUses() {
    Backend backend = backend();
    register(one, "agreed", "agreed-1", backend, 201);
    seen("an instance is shown", () -> !health(two, "agreed-1").isEmpty());
    seen(
        "an instance is used",
        () -> two.get("/gateway/agreed/echo").header("X-Instance-Id").isPresent());
    Await.until("healthy", LIMIT, () -> is("healthy", one) || is("healthy", two));
    seen("a good verdict", () -> is("healthy", one) && is("healthy", two));
    backend.close();
    Await.until("unhealthy", LIMIT, () -> is("unhealthy", one) || is("unhealthy", two));
    seen("a bad verdict", () -> is("unhealthy", one) && is("unhealthy", two));
    assertThat(two.delete(API + "/instances/agreed-1?drain_seconds=600").status()).isEqualTo(200);
    seen("draining", () -> is("draining", one));
    register(one, "agreed", "agreed-1", backend, 200);
    seen("that it stays", () -> !is("draining", two));
    assertThat(two.delete(API + "/instances/agreed-1?drain_seconds=0").status()).isEqualTo(200);
    seen("a removal", () -> health(one, "agreed-1").isEmpty());
    seen("nobody is used", () -> one.get("/gateway/agreed/echo").status() == 404);
  }

  @Test
  void bothShowExactlyWhatTheirCallersCounted() throws InterruptedException {
    List<Backend> backends = List.of(backend(), backend(), backend());
    for (int i = 0; i < backends.size(); i++) {
      register(i == 1 ? two : one, "exact", "exact-" + i, backends.get(i), 201);
    }
    policyWithoutRepeats();
    Await.until("both have all", LIMIT, () -> shown(one).size() == 3 && shown(two).size() == 3);
    Map<String, Counted> counted = load();
    Counted sum = counted.values().stream().reduce(new Counted(0, 0), Counted::plus);
    assertThat(sum).isEqualTo(new Counted(CALLERS * CALLS, CALLERS * CALLS / 10));
    for (HttpCalls replica : List.of(one, two)) {
      Await.until(
          () -> shown(replica) + " is " + counted, LIMIT, () -> shown(replica).equals(counted));
    }
    for (int i = 0; i < backends.size(); i++) {
      assertThat(backends.get(i).requests.get()).isEqualTo(counted.get("exact-" + i).requests());
      // Registering again exchanges once more with PostgreSQL: nothing is counted a second time.
      register(one, "exact", "exact-" + i, backends.get(i), 200);
      register(two, "exact", "exact-" + i, backends.get(i), 200);
    }
    assertThat(shown(one)).isEqualTo(counted);
    assertThat(shown(two)).isEqualTo(counted);
  }

  /// Every tenth request fails.
  private static Map<String, Counted> load() throws InterruptedException {
    Map<String, Counted> counted = new ConcurrentHashMap<>();
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < CALLERS; t++) {
      HttpCalls replica = t % 2 == 0 ? one : two;
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < CALLS; i++) {
                      int status = i % 10 == 0 ? 500 : 200;
                      Answer answer = replica.get("/gateway/exact/status/" + status);
                      if (answer.status() == status) {
                        String id = answer.header("X-Instance-Id").orElse("nobody");
                        counted.merge(id, new Counted(1, status / 500), Counted::plus);
                      }
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join(LIMIT);
    }
    return new TreeMap<>(counted);
  }

  private static Map<String, Counted> shown(HttpCalls replica) {
    Map<String, Counted> all = new TreeMap<>();
    for (JsonNode instance : replica.get(API + "/instances?service=exact").json().at("/items")) {
      all.put(
          instance.at("/instance_id").asText(),
          new Counted(instance.at("/requests").asLong(), instance.at("/errors").asLong()));
    }
    return all;
  }

  /// A request that a busy machine answers late would else be sent twice, and count twice.
  private static void policyWithoutRepeats() {
    String path = API + "/load-balancing/exact";
    String wanted = "{\"max_tries\":1,\"try_timeout_ms\":60000,\"deadline_ms\":60000}";
    Answer answer =
        one.send(
            one.request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .PUT(BodyPublishers.ofString(wanted)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    seen("a policy", () -> two.get(path).json().at("/max_tries").asInt() == 1);
  }

  /// Waits, and notes how long that took.
  private static void seen(String what, BooleanSupplier look) {
    long begin = System.nanoTime();
    Await.until(what, LIMIT, look);
    long millis = (System.nanoTime() - begin) / 1_000_000;
    LOG.log(Level.INFO, "the other replica sees within {0} ms: {1}", millis, what);
  }

  private static boolean is(String health, HttpCalls replica) {
    return health(replica, "agreed-1").equals(health);
  }

  /// Empty for an instance that the replica does not know.
  private static String health(HttpCalls replica, String id) {
    Answer answer = replica.get(API + "/instances/" + id);
    return answer.status() == 404 ? "" : answer.json().at("/health").asText();
  }

  private static void register(
      HttpCalls replica, String service, String id, Backend backend, int status) {
    String body = "{\"instance_id\":\"%s\",\"service\":\"%s\",\"host\":\"localhost\",\"port\":%d}";
    Answer answer = replica.post(API + "/instances", body.formatted(id, service, backend.port()));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
  }

  private static Backend backend() {
    Backend backend = Backend.start();
    OPEN.add(backend);
    return backend;
  }
}
