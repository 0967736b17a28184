package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;

import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Calls of a service in daily use, by name, each with what chance decides about it.
final class MixedLoad {

  /// One call of a kind.
  @FunctionalInterface
  interface Call {
    Answer send(HttpCalls http, RandomGenerator random);
  }

  private static final String RECOMMENDATION =
      """
      {"crop_id":"corn","latitude":40.0,"longitude":-95.0,"soil_data":{"ph":6.5,"organic_matter":3.2},
       "preferences":{"yield_priority":"high"}}
      """;
  private static final String JOB =
      """
      {"job_type":"variety_recommendation","queue":"recommendations","tags":["field-%d"],
       "payload":{"crop_id":"corn","location":{"lat":40.0,"lng":-95.0}}}
      """;

  private MixedLoad() {}

  /// The calls in one order.
  static Map<String, Call> calls() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("submit", (http, random) -> http.post(API + "/jobs", job(random)));
    calls.put(
        "submit with a key", (http, random) -> keyed(http, random, API + "/jobs", job(random)));
    calls.put(
        "recommend with a key",
        (http, random) -> keyed(http, random, API + "/variety-recommendations", RECOMMENDATION));
    calls.put("put in cache", (http, random) -> http.post(API + "/cache", entry(random)));
    calls.put(
        "get of cache", (http, random) -> http.get(API + "/cache/load-" + random.nextInt(500)));
    calls.put(
        "invalidate",
        (http, random) ->
            http.post(
                API + "/cache/invalidate",
                "{\"tags\":[\"load-%d\"]}".formatted(random.nextInt(50))));
    calls.put("gateway", (http, _) -> http.get("/gateway/load/echo"));
    calls.put(
        "send a metric",
        (http, random) ->
            http.post(
                API + "/performance/metrics",
                "{\"name\":\"load\",\"value\":%d,\"metric_type\":\"counter\"}"
                    .formatted(random.nextInt(9))));
    for (String list :
        new String[] {
          "/jobs?limit=20",
          "/jobs?status=failed&limit=20",
          "/jobs?queue=recommendations&limit=20",
          "/jobs?job_type=variety_recommendation&limit=20",
          "/jobs?tag=field-1&limit=20",
          "/jobs/queues",
          "/alerts?limit=20",
          "/alerts?state=resolved&limit=20",
          "/alerts/silences",
          "/keys?limit=20",
          "/instances",
          "/varieties/datasets",
          "/performance/operations",
          "/performance/metrics/load",
          "/cache",
          "/status"
        }) {
      calls.put("list " + list, (http, _) -> http.get(API + list));
    }
    return calls;
  }

  /// Single acts that change something, for a coverage of statements rather than for a load.
  static Map<String, Call> acts() {
    Map<String, Call> acts = new LinkedHashMap<>();
    acts.put("retry", (http, _) -> keyedOf(http, first(http, "failed"), "/retry"));
    acts.put("cancel", (http, _) -> http.delete(API + "/jobs/" + first(http, "pending")));
    acts.put("show", (http, _) -> http.get(API + "/jobs/" + first(http, "completed")));
    acts.put(
        "silence",
        (http, _) ->
            http.post(
                API + "/alerts/silences",
                """
                {"matchers":[{"name":"queue","value":"cleanup"}],"ends_at":"%s","by":"me","comment":"c"}
                """
                    .formatted(Instant.now().plus(1, ChronoUnit.HOURS))));
    acts.put(
        "alertmanager",
        (http, random) ->
            http.post(
                API + "/alerts/webhook",
                """
                {"version":"4","alerts":[{"status":"firing","labels":{"alertname":"a%d"},
                 "annotations":{},"startsAt":"2026-01-01T00:00:00Z","fingerprint":"f%d"}]}
                """
                    .formatted(random.nextInt(99), random.nextInt(99))));
    acts.put("key", (http, _) -> http.post(API + "/keys", "{\"name\":\"n\",\"role\":\"viewer\"}"));
    acts.put("metrics", (http, _) -> http.get("/metrics"));
    return acts;
  }

  private static String first(HttpCalls http, String status) {
    return http.get(API + "/jobs?limit=1&status=" + status).json().at("/items/0/job_id").asText();
  }

  private static Answer keyedOf(HttpCalls http, String jobId, String what) {
    return http.send(
        http.request(API + "/jobs/" + jobId + what)
            .header("Idempotency-Key", "of-" + jobId)
            .POST(BodyPublishers.noBody()));
  }

  /// One in ten is a repeat of a key that was used.
  private static Answer keyed(HttpCalls http, RandomGenerator random, String path, String body) {
    String key = random.nextInt(10) == 0 ? "repeated" : "key-" + random.nextLong();
    return http.send(
        http.request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String job(RandomGenerator random) {
    return JOB.formatted(random.nextInt(100));
  }

  private static String entry(RandomGenerator random) {
    int i = random.nextInt(500);
    return "{\"key\":\"load-%d\",\"value\":%d,\"tags\":[\"load-%d\"]}".formatted(i, i, i % 50);
  }
}
