package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViolationsTest {

  private final Violations violations = new Violations();

  @Test
  void nothingIsRaisedWhenNothingIsWrong() {
    violations.require(true, "/a", "must be given");
    violations.requireMember(true, "a", "must be given");
    violations.requireText("/a", "abc", 3);
    violations.requireBetween("/a", 1, 1, 2);
    violations.requireBetween("/a", 2, 1, 2);
    violations.addBelow("/a", List.of());

    assertThatCode(violations::raise).doesNotThrowAnyException();
  }

  @Test
  void everythingThatIsWrongIsRaisedInTheOrderInWhichItWasFound() {
    violations.require(false, "/a", "must be given");
    violations.requireMember(false, "b", "must be a number");
    violations.addBelow("/jobs/3", List.of(new Violation("/c", "is not known")));
    violations.add("", "is too much");

    Problem problem = raised();

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem).hasMessage("4 fields are invalid");
    assertThat(problem.violations())
        .containsExactly(
            new Violation("/a", "must be given"),
            new Violation("/b", "b must be a number"),
            new Violation("/jobs/3/c", "is not known"),
            new Violation("", "is too much"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  ", "abcd", "a\0b", "\uD83D\uDE00"})
  void textIsNeitherBlankNorLongNorUnstorable(String value) {
    violations.requireText("/a", value, 3);

    assertThat(raised().violations())
        .containsExactly(new Violation("/a", "must be text of 1 to 3 characters"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, Long.MIN_VALUE, Long.MAX_VALUE})
  void aNumberLiesWithinItsBounds(long value) {
    violations.requireBetween("/a", value, 1, 2);

    assertThat(raised().violations()).containsExactly(new Violation("/a", "must be from 1 to 2"));
  }

  @ParameterizedTest
  @CsvSource({"a, /a", "a/b, /a~1b", "a~b, /a~0b", "~1, /~01"})
  void aNameIsAStepOfAPointer(String name, String step) {
    assertThat(Violations.step(name)).isEqualTo(step);
  }

  private Problem raised() {
    return catchThrowableOfType(Problem.class, violations::raise);
  }
}
