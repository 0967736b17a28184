package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {

  private static final EntityTag TAG = new EntityTag("\"abc\"");

  @Test
  void isStrongAndOfTheWholeBody() {
    EntityTag one = EntityTag.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    EntityTag other = EntityTag.of("{\"a\":2}".getBytes(StandardCharsets.UTF_8));

    assertThat(one.quoted()).matches("\"[A-Za-z0-9_-]{22}\"").isNotEqualTo(other.quoted());
    assertThat(EntityTag.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8))).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        " * ",
        "\"abc\"",
        "W/\"abc\"",
        "\"x\", \"abc\"",
        "\"x\",W/\"abc\",\"y\"",
        ", ,\"abc\"",
        "\"x,y\", \"abc\"",
        "\"\", \"abc\"",
        "\"x\"\t,\t\"abc\""
      })
  void whatTheClientHasMatches(String ifNoneMatch) {
    assertThat(TAG.matches(ifNoneMatch)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "\"abcd\"",
        "\"ABC\"",
        "w/\"abc\"",
        "W/ \"abc\"",
        "\"abc",
        "\"x\" \"abc\"",
        "\"x\"; \"abc\"",
        "*, \"x\"",
        "\"x,\"abc\",y\""
      })
  void whatItHasNotOrSaysWronglyDoesNot(String ifNoneMatch) {
    assertThat(TAG.matches(ifNoneMatch)).isFalse();
  }

  @Property
  void isFoundAtAnyPlaceOfAnyList(
      @ForAll @Size(max = 8) List<@AlphaChars @StringLength(max = 12) String> others,
      @ForAll @IntRange(max = 8) int at,
      @ForAll boolean weak) {
    List<String> members =
        new java.util.ArrayList<>(others.stream().map(tag -> '"' + tag + "!\"").toList());
    assertThat(TAG.matches(String.join(", ", members))).isFalse();

    members.add(Math.min(at, members.size()), (weak ? "W/" : "") + TAG.quoted());
    assertThat(TAG.matches(String.join(", ", members))).isTrue();
  }

  /// A header is whatever somebody sends: no list takes long.
  @Property(tries = 200)
  void readsAnything(@ForAll String ifNoneMatch) {
    assertThat(new EntityTag("\"never sent\u0000\"").matches(ifNoneMatch))
        .isEqualTo(ifNoneMatch.strip().equals("*"));
  }
}
