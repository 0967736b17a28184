package io.soilhub.scalability.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.redis.EncodedEntry.NotedTag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagVersionsTest {

  private final TagVersions tagVersions = new TagVersions(1);

  @Test
  void aStampHoldsUntilOneOfItsTagsChanges() {
    TagVersions.Stamp stamp = stamp("a", "b");
    assertThat(stamp.holds(tagVersions)).isTrue();
    tagVersions.applying(2);
    tagVersions.changed("b", 2, 2);
    assertThat(stamp.holds(tagVersions)).isFalse();
  }

  /// As much as some hundred requests with the most tags can bring, many times.
  @Test
  void aFloodOfTagsIsBoundedAndNoChangeIsMissed() {
    int flood = 200_000;
    List<TagVersions.Stamp> stamps = new ArrayList<>();
    for (int i = 0; i < flood; i++) {
      String tag = "tag-" + i;
      tagVersions.learn(tag, 1, 1);
      tagVersions.stamp(List.of(new NotedTag(tag, 1))).ifPresent(stamps::add);
    }
    assertThat(stamps.stream().filter(stamp -> stamp.holds(tagVersions)).count())
        .isBetween(1_000L, flood / 2L);

    tagVersions.applying(2);
    for (int i = 0; i < flood; i++) {
      tagVersions.changed("tag-" + i, 2, 2);
    }

    assertThat(stamps).noneMatch(stamp -> stamp.holds(tagVersions));
  }

  private TagVersions.Stamp stamp(String... tags) {
    List<NotedTag> noted = new ArrayList<>();
    for (String tag : tags) {
      tagVersions.learn(tag, 1, 1);
      noted.add(new NotedTag(tag, 1));
    }
    return tagVersions.stamp(noted).orElseThrow();
  }
}
