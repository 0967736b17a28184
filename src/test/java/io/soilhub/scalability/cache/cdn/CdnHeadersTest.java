package io.soilhub.scalability.cache.cdn;

import static io.soilhub.scalability.cache.cdn.CdnHeaders.UNTIL_PURGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdnHeadersTest {

  private static final byte[] BODY = {'[', ']'};
  private static final Set<String> TAGS = Set.of("variety", "crop:corn");

  @Test
  void withoutACdnAnAnswerRevalidatesAndNamesNoTag() {
    CdnHeaders headers = headers(Optional.empty());

    assertThat(headers.values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache")
        .containsEntry("ETag", EntityTag.of(BODY).quoted());
  }

  @ParameterizedTest
  @CsvSource({"varnish, xkey, ' '", "fastly, Surrogate-Key, ' '", "cloudflare, Cache-Tag, ','"})
  void eachKindReadsTheTagsInItsOwnWay(String kind, String header, String separator) {
    CdnHeaders headers = headers(edge(Map.of("CDN_KIND", kind)));

    assertThat(headers.values()).containsOnlyKeys("Cache-Control", "ETag", header);
    assertThat(headers.values().get(header).split(separator))
        .containsExactlyInAnyOrder(SurrogateKey.id("variety"), SurrogateKey.id("crop:corn"));
    assertThat(headers.values())
        .containsEntry(
            "Cache-Control", "public, max-age=0, s-maxage=300, stale-while-revalidate=0");
  }

  @Test
  void timesComeFromTheSettings() {
    Map<String, String> times = Map.of("CDN_TTL_SECONDS", "60", "CDN_STALE_SECONDS", "7");

    assertThat(headers(edge(times)).values())
        .containsEntry("Cache-Control", "public, max-age=0, s-maxage=60, stale-while-revalidate=7");
  }

  /// Times of the CDN, of the answer, and what is said.
  @ParameterizedTest
  @CsvSource({
    "300, 0, 86400, 300, 0",
    "300, 60, 360, 300, 60",
    "300, 60, 330, 300, 30",
    "300, 60, 300, 300, 0",
    "300, 60, 1, 1, 0",
    "300, 0, 2.9, 2, 0"
  })
  void noCacheIsToGiveAnAnswerForLongerThanItHolds(
      String ttl, String stale, double life, int shared, int revalidated) {
    Map<String, String> times = Map.of("CDN_TTL_SECONDS", ttl, "CDN_STALE_SECONDS", stale);
    Duration holds = Duration.ofMillis(Math.round(life * 1000));

    assertThat(CdnHeaders.of(edge(times), BODY, TAGS, holds).values())
        .containsEntry(
            "Cache-Control",
            "public, max-age=0, s-maxage=%d, stale-while-revalidate=%d"
                .formatted(shared, revalidated));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999})
  void anAnswerThatMayBeUntrueByNowIsKeptByNoSharedCache(long life) {
    assertThat(CdnHeaders.of(edge(Map.of()), BODY, TAGS, Duration.ofMillis(life)).values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache");
  }

  @Test
  void theShortestTimeOfAnAnswerCounts() {
    SurrogateKeys answer = new SurrogateKeys();
    assertThat(answer.life()).isEqualTo(UNTIL_PURGED);
    answer.holdsFor(Duration.ofSeconds(9));
    answer.holdsFor(Duration.ofSeconds(20));
    assertThat(answer.life()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void whereCallersProveWhoTheyAreTheCdnMustNotAnswerForTheService() {
    Map<String, String> guarded = Map.of("AUTH_MODE", "api-key");
    Map<String, String> open = Map.of("AUTH_MODE", "api-key", "CDN_PUBLIC", "true");

    assertThat(headers(edge(guarded)).values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache");
    assertThat(headers(edge(open)).values()).containsKey("xkey");
  }

  @ParameterizedTest
  @CsvSource({"varnish, 8000", "fastly, 16384", "cloudflare, 16384"})
  void anAnswerThatCannotNameAllItsTagsIsNotShared(String kind, int limit) {
    Optional<CdnSettings> edge = edge(Map.of("CDN_KIND", kind));
    List<String> few = IntStream.range(0, limit / 14).mapToObj(i -> "tag" + i).toList();
    List<String> many = IntStream.range(0, limit / 12).mapToObj(i -> "tag" + i).toList();

    assertThat(CdnHeaders.of(edge, BODY, few, UNTIL_PURGED).values().get("Cache-Control"))
        .contains("public");
    assertThat(CdnHeaders.of(edge, BODY, many, UNTIL_PURGED).values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache");
    assertThat(CdnHeaders.of(edge, BODY, Set.of(), UNTIL_PURGED).values())
        .containsEntry("Cache-Control", "private, no-cache");
  }

  @Property
  void aTagsNameFitsEveryHeader(@ForAll String tag) {
    assertThat(SurrogateKey.id(tag)).matches("[0-9a-z]{1,13}").isEqualTo(SurrogateKey.id(tag));
  }

  @Test
  void tagsThatDifferInCaseAloneHaveDifferentNames() {
    assertThat(SurrogateKey.id("Corn")).isNotEqualTo(SurrogateKey.id("corn"));
  }

  private static CdnHeaders headers(Optional<CdnSettings> edge) {
    return CdnHeaders.of(edge, BODY, TAGS, UNTIL_PURGED);
  }

  static Optional<CdnSettings> edge(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("CDN_URL", "https://cdn.example/x");
    variables.putIfAbsent("CDN_TOKEN", "secret");
    return CdnSettings.from(Settings.from(variables));
  }
}
