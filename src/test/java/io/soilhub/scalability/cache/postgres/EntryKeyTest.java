package io.soilhub.scalability.cache.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.platform.core.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryKeyTest {

  private static final String HALF_A_PAIR = "\ud83c";

  @ParameterizedTest
  @ValueSource(
      strings = {"a", " ", "corn/40.0,-95.0?x=%2F&y=#", "Mais \u00fc \ud83c\udf3d", "'; --"})
  void takesAnythingPrintable(String key) {
    assertThat(new EntryKey("general", key).key()).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "line\nbreak", "\u0085", "half " + HALF_A_PAIR})
  void refusesWhatIsEmptyOrCannotBePrinted(String key) {
    assertThat(pointer(() -> new EntryKey("general", key))).isEqualTo("/key");
  }

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(new EntryKey("general", "\u00fc".repeat(256)).key()).hasSize(256);
    assertThat(pointer(() -> new EntryKey("general", "\u00fc".repeat(256) + "x")))
        .isEqualTo("/key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "General", "a b", "1st", "soil-data"})
  void refusesTypesThatAreNoNames(String type) {
    assertThat(pointer(() -> new EntryKey(type, "k"))).isEqualTo("/data_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\u00a0b", "a\u200bb", "a\tb", "a\u2028b", HALF_A_PAIR})
  void refusesTagsWithSpacesOrUnseenCharacters(String tag) {
    assertThat(pointer(() -> Invalidation.ofTags(Set.of("good", tag)))).isEqualTo("/tags");
  }

  @Test
  void boundsTags() {
    assertThat(Invalidation.ofTags(tags(100)).tags()).hasSize(100);
    assertThat(pointer(() -> Invalidation.ofTags(tags(101)))).isEqualTo("/tags");
    assertThat(write(tags(64), Duration.ofSeconds(1)).tags()).hasSize(64);
    assertThat(pointer(() -> write(tags(65), Duration.ofSeconds(1)))).isEqualTo("/tags");
    assertThat(Invalidation.ofTags(Set.of("t".repeat(128))).tags()).hasSize(1);
    assertThat(pointer(() -> Invalidation.ofTags(Set.of("t".repeat(129))))).isEqualTo("/tags");
  }

  @Test
  void boundsTheLifeOfAPut() {
    assertThat(write(Set.of(), Duration.ofSeconds(2_592_000)).ttl()).hasDays(30);
    assertThat(pointer(() -> write(Set.of(), Duration.ofSeconds(2_592_001)))).isEqualTo("/ttl");
    assertThat(pointer(() -> write(Set.of(), Duration.ZERO))).isEqualTo("/ttl");
  }

  @Test
  void anInvalidationCannotBeChangedAfterwards() {
    Set<String> tags = new HashSet<>(Set.of("a"));
    Invalidation what = Invalidation.ofTags(tags);
    tags.add("b");
    assertThat(what.tags()).containsExactly("a");
    assertThatThrownBy(() -> what.tags().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static EntryWrite write(Set<String> tags, Duration ttl) {
    return new EntryWrite(new EntryKey("general", "k"), new byte[0], tags, ttl, 1);
  }

  private static Set<String> tags(int count) {
    return IntStream.range(0, count).mapToObj(i -> "tag" + i).collect(Collectors.toSet());
  }

  private static String pointer(ThrowingCallable call) {
    Problem problem = catchThrowableOfType(Problem.class, call);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    return problem.violations().getFirst().pointer();
  }
}
