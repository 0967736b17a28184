package io.soilhub.scalability.cache.rest;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.microshed.testing.jupiter.MicroShedTest;

/// The cache as its clients meet it: over HTTP, on a real server.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@MicroShedTest
class CacheResourceIT {

  private static final String CACHE = API + "/cache";
  private static final String VARIETY = CACHE + "/variety-data";

  private final HttpCalls http = ServiceEnvironment.http();

  @Test
  void aValueIsCreatedReplacedReadAndDeleted() {
    Answer created = put("life", "{\"a\":[1,2]}", ",\"ttl\":60,\"tags\":[\"t\"]");
    assertThat(created.status()).as("%s", created).isEqualTo(201);
    assertThat(created.json().path("status").asText()).isEqualTo("success");
    assertThat(created.header("Location").orElseThrow()).endsWith(CACHE + "/life");
    assertThat(put("life", "{\"a\":[3]}", "").status()).isEqualTo(200);

    JsonNode read = get("life").json();
    assertThat(read.path("key").asText()).isEqualTo("life");
    assertThat(read.path("value")).isEqualTo(Json.parse("{\"a\":[3]}"));
    assertThat(read.path("found").asBoolean()).isTrue();
    assertThat(read.path("level").asText()).isIn("l1", "l2");
    assertThat(read.path("ttl_remaining").asInt()).isBetween(1, 3600);
    assertThat(get("life").json().path("level").asText()).isEqualTo("l1");

    Answer deleted = http.delete(CACHE + "/life");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().path("deleted").asBoolean()).isTrue();
    assertThat(http.delete(CACHE + "/life").json().path("deleted").asBoolean()).isFalse();
    JsonNode gone = get("life").json();
    assertThat(gone.path("found").asBoolean()).isFalse();
    assertThat(gone.has("value")).isTrue();
    assertThat(gone.path("value").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890",
        "1.10",
        "-0.0",
        "1E400",
        "null",
        "false",
        "\"text\"",
        "[]",
        "{\"n\":0.30000000000000000000000001,\"u\":\"ü😀\"}"
      })
  void aValueComesBackAsItWasPut(String value) {
    put("exact", value, "");

    assertThat(get("exact").text()).contains("\"value\":" + value + ",\"found\":true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b/c",
        "/",
        "a b+c",
        "100%",
        "a;b=c",
        "q?x=y&z#f",
        "back\\slash",
        "quote\"d",
        "ü/😀",
        "variety-data",
        "invalidate",
        "..",
        "a/../b",
        ".",
        "{x}",
        "*"
      })
  void aKeyMayHoldAnyPrintableCharacters(String key) {
    Answer created = http.post(CACHE, Json.write(Json.object().put("key", key).put("value", key)));
    assertThat(created.status()).as("%s", created).isEqualTo(201);
    assertThat(http.get(created.header("Location").orElseThrow()).json().path("key").asText())
        .isEqualTo(key);
    String path = CACHE + "/" + encoded(key);

    Answer read = http.get(path);
    assertThat(read.status()).as("%s", read).isEqualTo(200);
    assertThat(read.json().path("key").asText()).isEqualTo(key);
    assertThat(read.json().path("value").asText()).isEqualTo(key);
    assertThat(http.delete(path).json().path("deleted").asBoolean()).isTrue();
  }

  @Test
  void theLongestKeyIsTaken() {
    String key = "k".repeat(512);
    assertThat(put(key, "1", "").status()).isEqualTo(201);
    assertThat(get(key).json().path("found").asBoolean()).isTrue();
  }

  @Test
  void dataTypesAreApart() {
    put("apart", "1", ",\"data_type\":\"soil_data\"");
    assertThat(get("apart").json().path("found").asBoolean()).isFalse();
    assertThat(http.get(CACHE + "/apart?data_type=soil_data").json().path("value").asInt())
        .isEqualTo(1);
    assertThat(http.get(CACHE + "/apart?data_type=weather").status()).isEqualTo(422);
  }

  @Test
  void tagsAreInvalidatedInBothForms() {
    put("tagged1", "1", ",\"tags\":[\"it:a\",\"it:b\"]");
    put("tagged2", "2", ",\"tags\":[\"it:b\"]");

    assertThat(http.post(CACHE + "/invalidate", "[\"it:a\"]").status()).isEqualTo(200);
    assertThat(get("tagged1").json().path("found").asBoolean()).isFalse();
    assertThat(get("tagged2").json().path("found").asBoolean()).isTrue();
    Answer both = http.post(CACHE + "/invalidate", "{\"tags\":[\"it:b\"]}");
    assertThat(both.json().path("status").asText()).isEqualTo("success");
    assertThat(both.json().path("message").asText()).doesNotContain("pending");
    assertThat(get("tagged2").json().path("found").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'value':1} | 422 | /key",
        "{'key':'','value':1} | 422 | /key",
        "{'key':'@600','value':1} | 422 | /key",
        "{'key':'a\\u0000b','value':1} | 422 | /key",
        "{'key':7,'value':1} | 400 | /key",
        "{'key':'bad'} | 422 | /value",
        "{'key':'bad','value':1,'ttl':0} | 422 | /ttl",
        "{'key':'bad','value':1,'ttl':2592001} | 422 | /ttl",
        "{'key':'bad','value':1,'ttl':99999999999} | 422 | /ttl",
        "{'key':'bad','value':1,'ttl':'60'} | 400 | /ttl",
        "{'key':'bad','value':1,'ttl':1.5} | 400 | /ttl",
        "{'key':'bad','value':1,'data_type':'weather'} | 422 | /data_type",
        "{'key':'bad','value':1,'data_type':7} | 400 | /data_type",
        "{'key':'bad','value':1,'tags':[@1000]} | 422 | /tags",
        "{'key':'bad','value':1,'tags':['a b']} | 422 | /tags",
        "{'key':'bad','value':1,'tags':[null]} | 422 | /tags",
        "{'key':'bad','value':1,'tags':'a'} | 400 | /tags",
        "{'key':'bad','value':1,'color':'red'} | 422 | /color",
        "{'key':'bad','value':'\\ud800'} | 422 | /value",
        "{'key':'bad','value':{'a':['\\udc00 \\ud83d\\ude00']}} | 422 | /value/a/0",
        "{'key':'bad','value':{'a':1,'a':2}} | 400 |",
        "{'key':'bad','value': | 400 |",
        "[] | 400 |"
      })
  void whatCannotBeKeptIsRefusedAndNothingIsStored(String body, int status, String pointer) {
    Answer refused = http.post(CACHE, filled(body));

    assertRefused(refused, status, pointer);
    assertThat(get("bad").json().path("found").asBoolean()).isFalse();
  }

  @Test
  void whatIsTooLongIsRefused() {
    String ten = "\"" + "x".repeat(10 << 20) + "\"";
    assertRefused(put("bad", ten, ""), 413, null);
    assertThat(get("bad").json().path("found").asBoolean()).isFalse();
    assertRefused(get("k".repeat(600)), 422, "/key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | 422 |",
        "{} | 422 | /tags",
        "{'tags':[]} | 422 | /tags",
        "{'tags':'a'} | 400 | /tags",
        "[7] | 400 | /0",
        "{'tags':['a'],'all':true} | 422 | /all",
        "[@1000] | 422 | /tags",
        "7 | 400 |"
      })
  void whatIsNoListOfTagsIsRefused(String body, int status, String pointer) {
    assertRefused(http.post(CACHE + "/invalidate", filled(body)), status, pointer);
  }

  @Test
  void varietyDataHasAnEntityTagAndItsOwnInvalidation() {
    String body = "{\"variety_id\":\"acme|x 1\",\"variety_data\":{\"yield\":9.50}}";
    assertThat(http.post(VARIETY, body).status()).isIn(200, 201);
    String path = VARIETY + "/" + encoded("acme|x 1");

    Answer read = http.get(path);
    assertThat(read.text())
        .isEqualTo("{\"variety_id\":\"acme|x 1\",\"data\":{\"yield\":9.50},\"found\":true}");
    String tag = read.header("ETag").orElseThrow();
    Answer unchanged = http.send(http.request(path).header("If-None-Match", tag).GET());
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.text()).isEmpty();
    assertThat(
            http.get(CACHE + "/" + encoded("variety:acme|x 1") + "?data_type=variety_data")
                .json()
                .path("found")
                .asBoolean())
        .isTrue();

    assertThat(http.post(VARIETY + "/invalidate", "").status()).isEqualTo(200);
    Answer gone = http.send(http.request(path).header("If-None-Match", tag).GET());
    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.json().path("found").asBoolean()).isFalse();
    assertRefused(http.post(VARIETY, "{\"variety_data\":1}"), 422, "/variety_id");
    assertRefused(http.post(VARIETY, "{\"variety_id\":\"a\"}"), 422, "/variety_data");
    assertRefused(http.put(VARIETY, "{}"), 405, null);
  }

  @Test
  void theStatisticsAndTheStatusCount() {
    put("counted", "1", "");
    get("counted");
    get("counted");

    JsonNode statistics = http.get(CACHE).json();
    assertThat(statistics.at("/data_types/general/puts").asLong()).isPositive();
    assertThat(statistics.at("/levels/l1/hits").asLong()).isPositive();
    assertThat(statistics.at("/servers/0/available").asBoolean()).isTrue();
    assertThat(statistics.at("/servers/0/lag_ms").asLong()).isBetween(0L, 60_000L);
    JsonNode status = http.get(API + "/status").json();
    assertThat(status.at("/enabled/distributed_cache").asBoolean()).isTrue();
    assertThat(status.at("/components/distributed_cache/status").asText()).isEqualTo("healthy");
    assertThat(status.at("/components/distributed_cache/stats/servers/0/available").asBoolean())
        .isTrue();
  }

  @Test
  void aWarmUpRunsAsAJobAndABadOneIsRefused() {
    put("warm", "1", "");
    JsonNode keys = warmedUp("{\"data_type\":\"general\",\"keys\":[\"warm\",\"cold\"]}");
    assertThat(keys.path("warmed").asInt()).isEqualTo(1);
    assertThat(keys.path("missing").asInt()).isEqualTo(1);
    assertThat(warmedUp("{\"data_type\":\"variety_data\"}").path("warmed").asInt()).isPositive();

    Answer refused = http.post(API + "/jobs", job("{\"data_type\":\"general\",\"keys\":[\"\"]}"));
    assertRefused(refused, 422, "/payload/keys/0");
  }

  private JsonNode warmedUp(String payload) {
    String id = http.post(API + "/jobs", job(payload)).json().path("job_id").asText();
    JsonNode job = http.get(API + "/jobs/" + id + "?wait_seconds=60").json();
    assertThat(job.path("status").asText()).as("%s", job).isEqualTo("completed");
    return job.path("result");
  }

  private static String job(String payload) {
    return "{\"job_type\":\"cache_warmup\",\"payload\":" + payload + "}";
  }

  private Answer put(String key, String value, String more) {
    return http.post(CACHE, "{\"key\":\"" + key + "\",\"value\":" + value + more + "}");
  }

  private Answer get(String key) {
    return http.get(CACHE + "/" + encoded(key));
  }

  private static String filled(String body) {
    return body.replace('\'', '"')
        .replace("@600", "k".repeat(600))
        .replace(
            "@1000",
            java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> "\"t" + i + "\"")
                .collect(java.util.stream.Collectors.joining(",")));
  }

  private static void assertRefused(Answer answer, int status, String pointer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
    if (pointer != null) {
      assertThat(answer.json().at("/errors/0/pointer").asText())
          .as("%s", answer)
          .isEqualTo(pointer);
    }
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
  }
}
