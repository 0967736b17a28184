package io.soilhub.scalability.cache.rest;

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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two replicas with one Redis: what one changes is what the other gives, also while Redis is away.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CacheReplicasIT {

  private static final String CACHE = API + "/cache";
  private static final int ROUNDS = 100;
  private static final Duration SOON = Duration.ofSeconds(20);

  /// The staleness bound, and a little for a busy machine.
  private static final Duration BOUND = Duration.ofSeconds(3);

  private static TestRedis redis;
  private static LibertyReplica first;
  private static LibertyReplica second;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    Map<String, String> variables =
        new HashMap<>(ServiceEnvironment.variables(TestPostgres.shared(), redis));
    variables.put("CACHE_DATA_TYPES", "{\"user_data\":{\"strategy\":\"write_through\"}}");
    variables.put("CACHE_MAX_VALUE_BYTES", "10000");
    variables.put("HEALTH_CHECK_INTERVAL", "1");
    first = LibertyReplica.launch("cache-first", variables);
    second = LibertyReplica.start("cache-second", variables);
    first.awaitStatus("/health/ready", 200, Duration.ofSeconds(120));
    awaitRedis("healthy");
  }

  @AfterAll
  static void stop() {
    first.kill();
    second.kill();
    redis.close();
  }

  @Test
  void noReplicaGivesWhatWasThereBeforeAChange() {
    for (int i = 0; i < ROUNDS; i++) {
      HttpCalls writer = (i % 2 == 0 ? first : second).http();
      HttpCalls reader = (i % 2 == 0 ? second : first).http();
      assertConfirmed(put(writer, "shared", i, "general"));
      assertThat(read(reader, "shared", "general").path("value").asInt()).isEqualTo(i);
      // from the memory of both
      read(writer, "shared", "general");
      read(reader, "shared", "general");

      Answer gone =
          i % 4 < 2
              ? reader.post(CACHE + "/invalidate", "[\"both\"]")
              : reader.delete(CACHE + "/shared");
      assertConfirmed(gone);
      assertThat(read(writer, "shared", "general").path("found").asBoolean()).isFalse();
      assertThat(read(reader, "shared", "general").path("found").asBoolean()).isFalse();
    }
  }

  @Test
  void aReplicaThatStoodStillWakesUpAndGivesNothingOld() throws InterruptedException {
    for (String tags : List.of("", "both")) {
      String key = "slept-through" + tags;
      assertConfirmed(put(first.http(), key, 1, "general"));
      read(second.http(), key, "general");
      assertThat(read(second.http(), key, "general").path("level").asText()).isEqualTo("l1");
      second.suspend();
      try {
        assertConfirmed(
            tags.isEmpty()
                ? put(first.http(), key, 2, "general")
                : first.http().post(CACHE + "/invalidate", "[\"" + tags + "\"]"));
        Thread.sleep(5000);
      } finally {
        second.resume();
      }
      JsonNode woken = read(second.http(), key, "general");
      assertThat(woken.path("value").asInt()).as("%s", woken).isEqualTo(tags.isEmpty() ? 2 : 0);
      assertThat(woken.path("found").asBoolean()).as("%s", woken).isEqualTo(tags.isEmpty());
    }
  }

  @Test
  void aValueAboveTheLimitIsRefusedAndNotStored() {
    HttpCalls http = first.http();
    String longest = "\"" + "x".repeat(9_998) + "\"";
    String tooLong = "\"" + "x".repeat(9_999) + "\"";

    assertConfirmed(http.post(CACHE, "{\"key\":\"longest\",\"value\":" + longest + "}"));
    Answer refused = http.post(CACHE, "{\"key\":\"long\",\"value\":" + tooLong + "}");

    assertThat(refused.status()).as("%s", refused).isEqualTo(413);
    assertThat(refused.json().path("type").asText()).endsWith("value-too-large");
    assertThat(read(second.http(), "longest", "general").path("value").asText()).hasSize(9_998);
    assertThat(read(second.http(), "long", "general").path("found").asBoolean()).isFalse();
  }

  @Test
  void whileRedisIsAwayItGoesOnAndCatchesUp() {
    assertConfirmed(put(first.http(), "outlives", 1, "user_data"));
    assertConfirmed(put(first.http(), "deleted", 1, "user_data"));
    read(second.http(), "outlives", "user_data");

    redis.kill();
    try {
      changeWithoutRedis();
    } finally {
      redis.restart();
    }
    awaitRedis("healthy");
    for (LibertyReplica replica : List.of(first, second)) {
      assertCaughtUp(replica, "l");
      Await.until(
          () ->
              "it is in memory again: %s, %s"
                  .formatted(
                      read(replica.http(), "outlives", "user_data"),
                      replica.http().get(CACHE).text()),
          SOON,
          () -> read(replica.http(), "outlives", "user_data").path("level").asText().equals("l1"));
    }
    Await.until(
        "nothing is owed",
        SOON,
        () ->
            !first
                .http()
                .get(API + "/status")
                .json()
                .at("/components/distributed_cache/redis_is_owed")
                .asBoolean(true));
  }

  private static void changeWithoutRedis() {
    awaitRedis("degraded");
    assertThat(read(second.http(), "outlives", "user_data").path("value").asInt()).isEqualTo(1);
    assertPending(put(first.http(), "outlives", 2, "user_data"));
    assertPending(first.http().delete(CACHE + "/deleted?data_type=user_data"));
    assertPending(put(first.http(), "new", 3, "user_data"));
    // its own changes a replica gives at once, those of others when its memory is past the bound
    assertCaughtUp(first, "l3");
    Await.until(
        "the other replica's memory is past the bound",
        BOUND,
        () -> read(second.http(), "outlives", "user_data").path("level").asText().equals("l3"));
    assertCaughtUp(second, "l3");
  }

  private static void assertCaughtUp(LibertyReplica replica, String level) {
    JsonNode read = read(replica.http(), "outlives", "user_data");
    assertThat(read.path("value").asInt()).as("%s", read).isEqualTo(2);
    assertThat(read.path("level").asText()).as("%s", read).startsWith(level);
    assertThat(read(replica.http(), "new", "user_data").path("value").asInt()).isEqualTo(3);
    assertThat(read(replica.http(), "deleted", "user_data").path("found").asBoolean()).isFalse();
  }

  private static Answer put(HttpCalls http, String key, int value, String dataType) {
    return http.post(
        CACHE,
        "{\"key\":\"%s\",\"value\":%d,\"data_type\":\"%s\",\"tags\":[\"both\"]}"
            .formatted(key, value, dataType));
  }

  private static JsonNode read(HttpCalls http, String key, String dataType) {
    Answer answer = http.get(CACHE + "/" + key + "?data_type=" + dataType);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  private static void assertConfirmed(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isIn(200, 201);
    assertThat(answer.json().path("message").asText()).doesNotContain("pending");
  }

  private static void assertPending(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isIn(200, 201);
    assertThat(answer.json().path("message").asText()).contains("pending");
  }

  /// The statistics are of this moment; /status shows what the last look at the components found.
  private static void awaitRedis(String status) {
    boolean available = status.equals("healthy");
    for (LibertyReplica replica : List.of(first, second)) {
      Await.until(
          "the cache is " + status,
          SOON,
          () ->
              replica.http().get(CACHE).json().at("/servers/0/available").asBoolean() == available);
    }
  }
}
