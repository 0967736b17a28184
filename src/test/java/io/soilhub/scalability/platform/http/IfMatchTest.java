package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTest {

  @Test
  void theStarMatchesWhateverThereIs() {
    assertThat(IfMatch.of(" * ").matches(0)).isTrue();
    assertThat(IfMatch.of("*").matches(17)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"7\"", "7", " \"6\", \"7\"", "\"x,y\",\"7\"", "W/\"6\", \"7\""})
  void aTagMatchesItsVersion(String header) {
    assertThat(IfMatch.of(header).matches(7)).isTrue();
    assertThat(IfMatch.of(header).matches(8)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"\"",
        "W/\"7\"",
        "\"*\"",
        "\"77\"",
        "\"-7\"",
        "\"99999999999999999999\"",
        "\"a7\""
      })
  void anythingElseMatchesNothing(String header) {
    assertThat(IfMatch.of(header).matches(7)).isFalse();
  }

  @Test
  void withoutItNothingIsReplaced() {
    assertThatThrownBy(() -> IfMatch.of(null))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.PRECONDITION_REQUIRED));
  }
}
