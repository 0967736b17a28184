package io.soilhub.scalability.cache.cdn;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a CDN and a browser see of a real server, with a CDN in front and without one.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CdnIT {

  private static final String DATA_SETS = API + "/varieties/datasets";
  private static final CdnDouble CDN = new CdnDouble();
  private static TestRedis redis;
  private static LibertyReplica replica;
  private static HttpCalls http;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
    variables.put("CDN_URL", CDN.uri("").toString());
    variables.put("CDN_REPURGE_SECONDS", "1");
    replica = LibertyReplica.start("edge", variables);
    http = replica.http();
  }

  @AfterAll
  static void stop() {
    replica.kill();
    redis.close();
    CDN.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/varieties/datasets", "/varieties/crops"})
  void theCatalogMayBeKeptAndFoundAgain(String path) {
    Answer answer = http.get(API + path);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control"))
        .contains("public, max-age=0, s-maxage=300, stale-while-revalidate=0");
    assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/json");
    assertThat(answer.json().get("items")).isNotEmpty();
    assertThat(answer.header("xkey").orElseThrow().split(" "))
        .containsExactlyInAnyOrder(
            SurrogateKey.id("variety"), SurrogateKey.id("crop_data"), SurrogateKey.id("crop:corn"));
  }

  @Test
  void theCdnKeepsAValueForNoLongerThanItLives() {
    String longOne = variety("long", 3600);
    String shortOne = variety("short", 60);
    String ending = variety("ending", 1);

    assertThat(http.get(longOne).header("Cache-Control").orElseThrow()).contains("s-maxage=300,");
    assertThat(sharedFor(http.get(shortOne))).isBetween(30L, 60L);
    assertThat(sharedFor(http.get(ending))).isLessThanOrEqualTo(1);
    Answer missing = http.get(API + "/cache/variety-data/nobody");
    assertThat(missing.json().get("found").asBoolean()).isFalse();
    assertThat(sharedFor(missing)).isBetween(1L, 30L);
  }

  private static String variety(String id, int ttl) {
    String body = "{\"variety_id\":\"%s\",\"variety_data\":1,\"ttl\":%d}".formatted(id, ttl);
    assertThat(http.post(API + "/cache/variety-data", body).status()).isIn(200, 201);
    return API + "/cache/variety-data/" + id;
  }

  /// 0 for an answer that is private.
  private static long sharedFor(Answer answer) {
    String said = answer.header("Cache-Control").orElseThrow();
    Matcher shared = Pattern.compile("s-maxage=(\\d+)").matcher(said);
    return shared.find() ? Long.parseLong(shared.group(1)) : 0;
  }

  @Test
  void whoHasTheAnswerIsNotSentItAgain() {
    Answer full = http.get(DATA_SETS);
    String tag = full.header("ETag").orElseThrow();
    Answer again = conditional(http, tag);

    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
    assertThat(again.header("ETag")).contains(tag);
    assertThat(again.header("xkey")).isEqualTo(full.header("xkey"));
    assertThat(again.header("Cache-Control")).isEqualTo(full.header("Cache-Control"));
    assertThat(conditional(http, "\"x\", W/" + tag).status()).isEqualTo(304);
    assertThat(conditional(http, "\"x\"").text()).isEqualTo(full.text());
    Answer head = http.send(http.request(DATA_SETS).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.header("ETag")).contains(tag);
    assertThat(head.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/status", "/jobs", "/jobs/queues", "/nope", "/varieties/datasets?limit=0"})
  void nothingElseIsKeptByAnyCdn(String path) {
    assertPrivate(http.get(API + path));
  }

  @Test
  void noErrorOutsideTheApiIsKeptEither() {
    assertPrivate(http.get("/nope"));
    assertPrivate(http.send(http.request(DATA_SETS).method("FOO", BodyPublishers.noBody())));
  }

  private static void assertPrivate(Answer answer) {
    assertThat(answer.header("Cache-Control")).as("%s", answer).contains("private, no-cache");
    assertThat(answer.header("xkey")).isEmpty();
    assertThat(answer.header("ETag")).isEmpty();
  }

  @Test
  void anImportPurgesTheCatalogTwice() {
    String variety = SurrogateKey.id("variety");
    String tag = http.get(DATA_SETS).header("ETag").orElseThrow();
    Await.until(
        "the purges of the import at the start",
        Duration.ofSeconds(20),
        () -> purges(variety) >= 2);
    long before = purges(variety);
    Answer accepted =
        http.send(
            http.request(
                    API + "/varieties/trials?crop_id=barley&name=Mine&source=farm&licence=mine")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(table())));
    assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
    String job = API + "/jobs/" + accepted.json().get("job_id").asText();
    assertThat(http.get(job + "?wait_seconds=60").text()).contains("completed");
    Await.until(
        () -> "two purges: " + CDN.calls(),
        Duration.ofSeconds(30),
        () -> purges(variety) >= before + 2 && purges(SurrogateKey.id("crop:barley")) >= 2);

    assertThat(http.get(DATA_SETS).header("ETag").orElseThrow()).isNotEqualTo(tag);
    assertThat(conditional(http, tag).status()).isEqualTo(200);
  }

  @Test
  void withoutACdnAnAnswerRevalidatesAndNamesNoTag() {
    HttpCalls plain = ServiceEnvironment.http();
    Answer answer = plain.get(API + "/varieties/crops");

    assertThat(answer.header("Cache-Control")).contains("private, no-cache");
    assertThat(answer.header("xkey")).isEmpty();
    Answer again =
        plain.send(
            plain
                .request(API + "/varieties/crops")
                .header("If-None-Match", answer.header("ETag").orElseThrow())
                .GET());
    assertThat(again.status()).isEqualTo(304);
  }

  /// Five trials of three varieties.
  private static String table() {
    StringBuilder table = new StringBuilder("variety,company,location,year,yield_t_ha,lat,lon\n");
    String[] yields = {"4.5 4.3 4.1", "4.9 4.6 4.2", "4.7 4.5 4.2", "5.6 5.2 5.1", "5.9 5.5 5.0"};
    for (int trial = 0; trial < yields.length; trial++) {
      String place = trial < 3 ? "north,%d,%s,43.5,-80.5%n" : "south,%d,%s,42.5,-81.5%n";
      String[] values = yields[trial].split(" ");
      table.append(("Fun,acme," + place).formatted(2023 + trial % 3, values[0]));
      table.append(("Cas,acme," + place).formatted(2023 + trial % 3, values[1]));
      table.append(("Zav,acme," + place).formatted(2023 + trial % 3, values[2]));
    }
    return table.toString();
  }

  private static long purges(String id) {
    return CDN.calls().stream()
        .filter(call -> call.method().equals("PURGE"))
        .filter(call -> call.header("xkey-purge").orElse("").contains(id))
        .count();
  }

  private static Answer conditional(HttpCalls calls, String ifNoneMatch) {
    return calls.send(calls.request(DATA_SETS).header("If-None-Match", ifNoneMatch).GET());
  }
}
