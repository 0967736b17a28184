package io.soilhub.scalability.monitoring.reports;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two replicas: what either says is true of both, and of a killed one.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitorReplicasIT {

  private static final String OPERATIONS = API + "/performance/operations";
  private static final String METRICS = API + "/performance/metrics";
  private static final String ALERTS = API + "/alerts";
  private static final System.Logger LOG = System.getLogger(MonitorReplicasIT.class.getName());
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SENT = 400;

  private static TestRedis redis;
  private static LibertyReplica first;
  private static LibertyReplica second;
  private static Map<String, String> environment;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    Map<String, String> variables =
        new HashMap<>(ServiceEnvironment.variables(TestPostgres.shared(), redis));
    // A queue that nobody works on: what is put there is a backlog.
    variables.put("WORKERS_CLEANUP", "0");
    // Nothing is as fast as that for long.
    variables.put("SLOW_OPERATION_MS", "1");
    environment = variables;
    first = LibertyReplica.launch("monitor-first", variables);
    second = LibertyReplica.start("monitor-second", variables);
    first.awaitStatus("/health/ready", 200, Duration.ofSeconds(120));
  }

  @AfterAll
  static void stop() {
    first.kill();
    second.kill();
    redis.close();
  }

  /// The comparison is with what the senders wrote down themselves.
  @Test
  @Order(1)
  void eitherReplicaAnswersForBoth() {
    Random random = new Random(11);
    List<Double> sent = new ArrayList<>();
    for (int i = 0; i < SENT; i++) {
      double millis = Math.round(1e4 * Math.exp(2 + random.nextGaussian())) / 1e4;
      sent.add(millis);
      assertThat(timer(i % 2 == 0 ? first : second, "drive_to_field", millis).status())
          .isEqualTo(202);
    }
    Collections.sort(sent);
    for (LibertyReplica replica : List.of(first, second)) {
      await(replica, METRICS + "/drive_to_field?hours=1", "/summary/count", SENT);
      JsonNode metric = replica.http().get(METRICS + "/drive_to_field?hours=1").json();
      assertThat(metric.at("/metric_type").asText()).isEqualTo("timer");
      JsonNode times = metric.at("/summary/distribution");
      close(times.at("/average"), sent.stream().mapToDouble(v -> v).average().orElseThrow());
      close(times.at("/min"), sent.getFirst());
      close(times.at("/max"), sent.getLast());
      close(times.at("/p50"), sent.get(SENT / 2 - 1));
      close(times.at("/p95"), sent.get(SENT * 95 / 100 - 1));
      close(times.at("/p99"), sent.get(SENT * 99 / 100 - 1));
      long points = 0;
      for (JsonNode point : metric.at("/series/0/points")) {
        points += point.at("/summary/count").asLong();
      }
      assertThat(points).isEqualTo(SENT);

      // The calls themselves are an operation, counted where they were answered.
      await(replica, OPERATIONS + "/rest.performance.record?hours=1", "/count", SENT);
      JsonNode listed = replica.http().get(OPERATIONS + "?hours=1&sort=total_time").json();
      assertThat(listed.at("/complete").asBoolean()).isTrue();
      assertThat(listed.findValuesAsText("operation")).contains("rest.performance.record", "http");
    }
  }

  /// Neither end of the requests knows the monitor.
  @Test
  @Order(2)
  void timesOfOperationsLieBetweenThoseThatBothEndsMeasured() throws Exception {
    try (TimedLoad load = new TimedLoad("timed")) {
      load.run(List.of(first.http(), second.http()));
      String path = OPERATIONS + "/gateway.timed?hours=1";
      List<JsonNode> answers = new ArrayList<>();
      for (LibertyReplica replica : List.of(first, second)) {
        await(replica, path, "/count", load.requests());
        JsonNode answer = replica.http().get(path).json();
        assertThat(answer.at("/complete").asBoolean()).isTrue();
        assertThat(answer.at("/errors").asLong()).isZero();
        load.compare(answer.at("/execution_time_ms"));
        answers.add(answer.at("/execution_time_ms"));
      }
      for (String figure : List.of("average", "min", "max", "p50", "p95", "p99")) {
        double one = answers.getFirst().at("/" + figure).asDouble();
        double other = answers.getLast().at("/" + figure).asDouble();
        // Shown with six digits.
        assertThat(other).as(figure).isCloseTo(one, within(one / 1e5));
      }
    }
  }

  @ParameterizedTest
  @Order(3)
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                                                        | /name",
        "{'name':'Upper','value':1,'metric_type':'gauge'}                          | /name",
        "{'name':'a_total','value':1,'metric_type':'counter'}                      | /name",
        "{'name':'a','value':-1,'metric_type':'counter'}                           | /value",
        "{'name':'a','value':1,'metric_type':'summary'}                       | /metric_type",
        "{'name':'a','value':1,'metric_type':'gauge','labels':{'a-b':'c'}}    | /labels/a-b",
        "{'name':'a','value':1,'metric_type':'gauge','labels':{'a':'\\u0000'}}  | /labels/a",
      })
  void whatCannotBeRecordedIsRefusedByField(String body, String pointer) {
    Answer refused = first.http().post(METRICS, body.strip().replace('\'', '"'));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().findValuesAsText("pointer")).contains(pointer);
  }

  @Test
  @Order(4)
  void aNameKeepsItsTypeOnEveryReplica() {
    assertThat(first.http().post(METRICS, metric("plots", 3, "gauge")).status()).isEqualTo(202);
    Answer other = second.http().post(METRICS, metric("plots", 1, "counter"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().at("/type").asText()).endsWith("metric-type-conflict");
    await(second, METRICS + "/plots", "/summary/level/latest", 3);
  }

  @Test
  @Order(5)
  void whatWasNeverRecordedIsNotFound() {
    assertThat(first.http().get(OPERATIONS + "/nothing").status()).isEqualTo(404);
    assertThat(first.http().get(METRICS + "/nothing").status()).isEqualTo(404);
    assertThat(first.http().get(OPERATIONS + "?hours=0").status()).isEqualTo(422);
    assertThat(first.http().get(OPERATIONS + "?sort=best").status()).isEqualTo(422);
  }

  /// From the jobs to the history, over whichever replica evaluates.
  @Test
  @Order(6)
  void aBacklogFiresIsAcknowledgedAndResolvesAndItsHistoryOutlivesTheReplica() {
    String rules =
        """
        {"rules":[{"name":"backlog","signal":"queue_backlog","threshold":2.5,"window_seconds":60,
                   "where":{"queue":"cleanup"}}]}
        """;
    Answer before = first.http().get(ALERTS + "/rules");
    Answer replaced =
        first
            .http()
            .send(
                first
                    .http()
                    .request(ALERTS + "/rules")
                    .header("Content-Type", "application/json")
                    .header("If-Match", before.header("ETag").orElseThrow())
                    .PUT(BodyPublishers.ofString(rules)));
    assertThat(replaced.status()).as(replaced.text()).isEqualTo(200);
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Answer job = second.http().post(API + "/jobs", "{\"job_type\":\"data_cleanup\"}");
      assertThat(job.status()).as(job.text()).isEqualTo(202);
      jobs.add(job.json().at("/job_id").asText());
    }
    long submitted = System.nanoTime();
    JsonNode firing = alert(second, "firing");
    LOG.log(
        System.Logger.Level.INFO,
        "from the backlog to the alert: {0} ms",
        (System.nanoTime() - submitted) / 1_000_000);
    assertThat(firing.at("/rule").asText()).isEqualTo("backlog");
    assertThat(firing.at("/value").asDouble()).isGreaterThan(2.5);
    String id = firing.at("/id").asText();
    Answer taken =
        second
            .http()
            .post(ALERTS + "/" + id + "/acknowledge", "{\"by\":\"maria\",\"note\":\"seen\"}");
    assertThat(taken.status()).as(taken.text()).isEqualTo(200);
    assertThat(alert(first, "acknowledged").at("/id").asText()).isEqualTo(id);

    jobs.forEach(job -> second.http().delete(API + "/jobs/" + job));
    assertThat(alert(first, "resolved").at("/id").asText()).isEqualTo(id);
    second.kill();
    JsonNode kept = first.http().get(ALERTS + "/" + id).json();
    assertThat(kept.at("/state").asText()).isEqualTo("resolved");
    assertThat(kept.toString()).contains("maria").contains("seen");
    second = LibertyReplica.start("monitor-second", environment);
    assertThat(second.http().get(ALERTS + "/" + id).json().at("/state").asText())
        .isEqualTo("resolved");
  }

  @Test
  @Order(7)
  void aKilledReplicaTakesOnlyItsLastSecondsWithIt() {
    for (int i = 0; i < 50; i++) {
      timer(second, "walk", 5);
    }
    await(first, METRICS + "/walk", "/summary/count", 50);
    for (int i = 0; i < 50; i++) {
      timer(second, "walk", 5);
    }
    second.kill();
    long count = first.http().get(METRICS + "/walk").json().at("/summary/count").asLong();
    assertThat(count).isBetween(50L, 100L);
    timer(first, "walk", 5);
    await(first, METRICS + "/walk", "/summary/count", count + 1);
  }

  /// By what readers search for, in the default format.
  @Test
  @Order(8)
  void slowOperationsAreFoundInTheLog() {
    Path log = first.directory().resolve("logs/application.log");
    Await.until(
        "a slow operation is logged",
        SOON,
        () -> read(log).lines().anyMatch(line -> line.contains("WARNING [-] performance: ")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode alert(LibertyReplica replica, String state) {
    JsonNode[] last = new JsonNode[1];
    Await.until(
        () -> state + " " + last[0],
        SOON,
        () -> {
          last[0] = replica.http().get(ALERTS + "?state=" + state).json();
          return !last[0].at("/items").isEmpty();
        });
    return last[0].at("/items/0");
  }

  private static Answer timer(LibertyReplica replica, String name, double millis) {
    return replica.http().post(METRICS, metric(name, millis, "timer"));
  }

  private static String metric(String name, double value, String type) {
    return "{\"name\":\"%s\",\"value\":%s,\"metric_type\":\"%s\"}"
        .formatted(name, String.format(Locale.ROOT, "%.4f", value), type);
  }

  private static void await(LibertyReplica replica, String path, String pointer, double value) {
    JsonNode[] last = new JsonNode[1];
    Await.until(
        () -> path + " " + last[0],
        SOON,
        () -> {
          last[0] = replica.http().get(path).json();
          return last[0].at(pointer).asDouble() == value;
        });
  }

  private static void close(JsonNode measured, double exact) {
    assertThat(measured.asDouble()).isCloseTo(exact, within(exact / 100));
  }
}
