package io.soilhub.scalability.edge;

import static io.soilhub.scalability.edge.EdgeHeaders.UNTIL_PURGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.Settings;
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

class EdgeHeadersTest {

  private static final byte[] BODY = {'[', ']'};
  private static final Set<String> TAGS = Set.of("variety", "crop:corn");

  @Test
  void withoutACdnAnAnswerRevalidatesAndNamesNoTag() {
    EdgeHeaders headers = headers(Optional.empty());

    assertThat(headers.values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache")
        .containsEntry("ETag", EntityTag.of(BODY).quoted());
  }

  @ParameterizedTest
  @CsvSource({"varnish, xkey, ' '", "fastly, Surrogate-Key, ' '", "cloudflare, Cache-Tag, ','"})
  void eachKindReadsTheTagsInItsOwnWay(String kind, String header, String separator) {
    EdgeHeaders headers = headers(edge(Map.of("CDN_KIND", kind)));

    assertThat(headers.values()).containsOnlyKeys("Cache-Control", "ETag", header);
    assertThat(headers.values().get(header).split(separator))
        .containsExactlyInAnyOrder(EdgeTag.id("variety"), EdgeTag.id("crop:corn"));
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

    assertThat(EdgeHeaders.of(edge(times), BODY, TAGS, holds).values())
        .containsEntry(
            "Cache-Control",
            "public, max-age=0, s-maxage=%d, stale-while-revalidate=%d"
                .formatted(shared, revalidated));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999})
  void anAnswerThatMayBeUntrueByNowIsKeptByNoSharedCache(long life) {
    assertThat(EdgeHeaders.of(edge(Map.of()), BODY, TAGS, Duration.ofMillis(life)).values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache");
  }

  @Test
  void theShortestTimeOfAnAnswerCounts() {
    EdgeTags answer = new EdgeTags();
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
    Optional<EdgeSettings> edge = edge(Map.of("CDN_KIND", kind));
    List<String> few = IntStream.range(0, limit / 14).mapToObj(i -> "tag" + i).toList();
    List<String> many = IntStream.range(0, limit / 12).mapToObj(i -> "tag" + i).toList();

    assertThat(EdgeHeaders.of(edge, BODY, few, UNTIL_PURGED).values().get("Cache-Control"))
        .contains("public");
    assertThat(EdgeHeaders.of(edge, BODY, many, UNTIL_PURGED).values())
        .containsOnlyKeys("Cache-Control", "ETag")
        .containsEntry("Cache-Control", "private, no-cache");
    assertThat(EdgeHeaders.of(edge, BODY, Set.of(), UNTIL_PURGED).values())
        .containsEntry("Cache-Control", "private, no-cache");
  }

  @Property
  void aTagsNameFitsEveryHeader(@ForAll String tag) {
    assertThat(EdgeTag.id(tag)).matches("[0-9a-z]{1,13}").isEqualTo(EdgeTag.id(tag));
  }

  @Test
  void tagsThatDifferInCaseAloneHaveDifferentNames() {
    assertThat(EdgeTag.id("Corn")).isNotEqualTo(EdgeTag.id("corn"));
  }

  private static EdgeHeaders headers(Optional<EdgeSettings> edge) {
    return EdgeHeaders.of(edge, BODY, TAGS, UNTIL_PURGED);
  }

  static Optional<EdgeSettings> edge(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("CDN_URL", "https://cdn.example/x");
    variables.putIfAbsent("CDN_TOKEN", "secret");
    return EdgeSettings.from(Settings.from(variables));
  }
}
