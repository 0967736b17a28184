package io.soilhub.scalability.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.coherence.Frame.NotedTag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {

  private final View view = new View(1);

  @Test
  void aStampHoldsUntilOneOfItsTagsChanges() {
    View.Stamp stamp = stamp("a", "b");
    assertThat(stamp.holds(view)).isTrue();
    view.applying(2);
    view.changed("b", 2, 2);
    assertThat(stamp.holds(view)).isFalse();
  }

  /// As much as some hundred requests with the most tags can bring, many times.
  @Test
  void aFloodOfTagsIsBoundedAndNoChangeIsMissed() {
    int flood = 200_000;
    List<View.Stamp> stamps = new ArrayList<>();
    for (int i = 0; i < flood; i++) {
      String tag = "tag-" + i;
      view.learn(tag, 1, 1);
      view.stamp(List.of(new NotedTag(tag, 1))).ifPresent(stamps::add);
    }
    assertThat(stamps.stream().filter(stamp -> stamp.holds(view)).count())
        .isBetween(1_000L, flood / 2L);

    view.applying(2);
    for (int i = 0; i < flood; i++) {
      view.changed("tag-" + i, 2, 2);
    }

    assertThat(stamps).noneMatch(stamp -> stamp.holds(view));
  }

  private View.Stamp stamp(String... tags) {
    List<NotedTag> noted = new ArrayList<>();
    for (String tag : tags) {
      view.learn(tag, 1, 1);
      noted.add(new NotedTag(tag, 1));
    }
    return view.stamp(noted).orElseThrow();
  }
}
