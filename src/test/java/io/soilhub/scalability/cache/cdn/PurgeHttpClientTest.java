package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.cache.cdn.CdnDouble.Call;
import io.soilhub.scalability.cache.cdn.PurgeResult.Failed;
import io.soilhub.scalability.cache.cdn.PurgeResult.Purged;
import io.soilhub.scalability.platform.core.Json;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each kind of CDN against a server that keeps what it was asked.
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PurgeHttpClientTest {

  private static final Duration LIMIT = Duration.ofMillis(1500);
  private static final Instant NOW = Instant.parse("2026-11-23T16:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final List<String> IDS = List.of("aa1", "bb2");

  private final CdnDouble cdn = new CdnDouble();

  @AfterEach
  void close() {
    cdn.close();
  }

  @Test
  void varnishIsAskedAtEachOfItsServers() {
    try (CdnDouble other = new CdnDouble()) {
      CdnSettings.Target target =
          new CdnSettings.Target(
              CdnProvider.VARNISH, List.of(cdn.uri(""), other.uri("")), Optional.empty(), false);

      assertThat(target.servers())
          .allSatisfy(server -> assertThat(cdnClient(server).purge(IDS)).isEqualTo(new Purged()));

      assertThat(other.calls()).hasSize(1);
      Call call = cdn.calls().getFirst();
      assertThat(call.method()).isEqualTo("PURGE");
      assertThat(call.path()).isEqualTo("/");
      assertThat(call.header("xkey-purge")).contains("aa1 bb2");
      assertThat(call.header("xkey-softpurge")).isEmpty();
      assertThat(call.header("Authorization")).isEmpty();
      assertThat(call.header("Upgrade")).isEmpty();
    }
  }

  @Test
  void varnishMakesStaleAndIsShownTheToken() {
    cdnClient(target(CdnProvider.VARNISH, "", true)).purge(IDS);

    Call call = cdn.calls().getFirst();
    assertThat(call.header("xkey-softpurge")).contains("aa1 bb2");
    assertThat(call.header("xkey-purge")).isEmpty();
    assertThat(call.header("Authorization")).contains("Bearer secret");
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false,"})
  void fastlyIsPostedTheKeysOfTheService(boolean soft, String header) {
    cdn.usually("{\"aa1\":\"108-1391560174-974124\",\"bb2\":\"108-1391560174-974125\"}");

    assertThat(cdnClient(target(CdnProvider.FASTLY, "/service/SU1Z", soft)).purge(IDS))
        .isEqualTo(new Purged());

    Call call = cdn.calls().getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/service/SU1Z/purge");
    assertThat(call.header("Fastly-Key")).contains("secret");
    assertThat(call.header("Surrogate-Key")).contains("aa1 bb2");
    assertThat(call.header("Fastly-Soft-Purge")).isEqualTo(Optional.ofNullable(header));
    assertThat(call.body()).isEmpty();
  }

  @Test
  void cloudflareIsPostedTheTagsOfTheZone() {
    assertThat(cdnClient(target(CdnProvider.CLOUDFLARE, "/client/v4/zones/023e", false)).purge(IDS))
        .isEqualTo(new Purged());

    Call call = cdn.calls().getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/client/v4/zones/023e/purge_cache");
    assertThat(call.header("Authorization")).contains("Bearer secret");
    assertThat(call.header("Content-Type")).contains("application/json");
    JsonNode body = Json.parse(call.body());
    assertThat(body).isEqualTo(Json.parse("{\"tags\":[\"aa1\",\"bb2\"]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"success\":false}", "{}", "<html>", "[]", "{\"success\":\"no\"}"})
  void cloudflareThatDoesNotSaySoHasNotPurged(String answer) {
    cdn.usually(answer);

    assertThat(cdnClient(target(CdnProvider.CLOUDFLARE, "/zones/1", false)).purge(IDS))
        .isEqualTo(new Failed("status 200, but not done", Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(CdnProvider.class)
  void whatIsNotConfirmedHasFailed(CdnProvider kind) {
    cdn.then(429, Map.of("Retry-After", "17")).then(500).then(401).then(302).thenHangs();
    CdnClient cdnClient = cdnClient(target(kind, "/x", false));

    assertThat(cdnClient.purge(IDS))
        .isEqualTo(new Failed("status 429", Optional.of(Duration.ofSeconds(17))));
    assertThat(cdnClient.purge(IDS)).isEqualTo(new Failed("status 500", Optional.empty()));
    assertThat(cdnClient.purge(IDS)).isEqualTo(new Failed("status 401", Optional.empty()));
    assertThat(cdnClient.purge(IDS)).isEqualTo(new Failed("status 302", Optional.empty()));
    assertThat(cdnClient.purge(IDS))
        .isEqualTo(
            new Failed("no answer within %d ms".formatted(LIMIT.toMillis()), Optional.empty()));
    assertThat(cdnClient.purge(IDS)).isEqualTo(new Purged());
  }

  @Test
  void anAnswerThatStopsInItsBodyHasFailed() {
    cdn.thenHangsInTheBody();

    assertThat(cdnClient(target(CdnProvider.FASTLY, "/x", false)).purge(IDS))
        .isEqualTo(
            new Failed("no answer within %d ms".formatted(LIMIT.toMillis()), Optional.empty()));
  }

  @Test
  void aCdnThatIsAwayHasFailed() {
    URI gone = cdn.uri("/x");
    cdn.close();
    CdnSettings.Target target =
        new CdnSettings.Target(CdnProvider.FASTLY, List.of(gone), Optional.of("secret"), false);

    assertThat(cdnClient(target).purge(IDS)).isInstanceOf(Failed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        " 30 | 30",
        "999999999 | 3600",
        "Mon, 23 Nov 2026 16:00:45 GMT | 45",
        "Mon, 23 Nov 2026 15:59:45 GMT |",
        "-5 |",
        "soon |",
        "99999999999999999999 |"
      })
  void retryAfterIsSecondsOrADate(String value, Long seconds) {
    assertThat(PurgeHttpClient.retryAfter(value, NOW))
        .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
  }

  private CdnSettings.Target target(CdnProvider kind, String path, boolean soft) {
    return new CdnSettings.Target(kind, List.of(cdn.uri(path)), Optional.of("secret"), soft);
  }

  private static CdnClient cdnClient(CdnSettings.Target target) {
    return CdnWiring.cdnClient(target, new PurgeHttpClient(CLOCK, LIMIT));
  }
}
