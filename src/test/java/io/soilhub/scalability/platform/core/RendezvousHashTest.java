package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RendezvousHashTest {

  private static final List<String> SERVERS =
      List.of("redis://a:6379", "redis://b:6379", "redis://c:6379");

  /// Replicas of two versions run side by side, and what is in Redis is to be found again.
  @ParameterizedTest
  @CsvSource({
    "general:1, redis://a:6379",
    "general:2, redis://c:6379",
    "variety_data:\u00fc, redis://c:6379",
    "'', redis://a:6379",
  })
  void assignmentsStayThoseOfEarlierVersions(String key, String owner) {
    assertThat(over(SERVERS).owner(key)).isEqualTo(owner);
  }

  @Test
  void everyMemberGetsItsShare() {
    RendezvousHash<String> hash = over(SERVERS);
    for (String server : SERVERS) {
      assertThat(keys().filter(key -> hash.owner(key).equals(server)).count())
          .isBetween(900L, 1100L);
    }
  }

  @Test
  void aNewMemberTakesKeysAndMovesNoOthers() {
    RendezvousHash<String> before = over(SERVERS.subList(0, 2));
    RendezvousHash<String> after = over(SERVERS);
    assertThat(keys().filter(key -> !after.owner(key).equals(before.owner(key))))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(after.owner(key)).isEqualTo(SERVERS.getLast()));
  }

  @Test
  void theOnlyMemberOwnsEverything() {
    assertThat(over(List.of("one")).owner("any")).isEqualTo("one");
  }

  @Test
  void ofEqualScoresTheFirstOneCounts() {
    assertThat(new RendezvousHash<>(List.of(1, 2), List.of("same", "same")).owner("any"))
        .isEqualTo(1);
  }

  @Test
  void needsANameForEachMember() {
    assertThatIllegalArgumentException().isThrownBy(() -> over(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RendezvousHash<>(List.of(1, 2), List.of("one")));
  }

  private static RendezvousHash<String> over(List<String> names) {
    return new RendezvousHash<>(names, names);
  }

  private static Stream<String> keys() {
    return IntStream.range(0, 3000).mapToObj(i -> "key-" + i);
  }
}
