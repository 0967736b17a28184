package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.io.FileNotFoundException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExceptionTranslatorTest {

  @ParameterizedTest
  @EnumSource(Problem.Kind.class)
  void aProblemAnswersWithTheStatusOfItsKind(Problem.Kind kind) {
    ProblemResponse problemResponse =
        ExceptionTranslator.of(new Problem(kind, "some-type", "Some detail."));
    assertThat(problemResponse.status()).isEqualTo(kind.status());
    assertThat(problemResponse.type()).isEqualTo("some-type");
    assertThat(problemResponse.detail()).isEqualTo("Some detail.");
  }

  @Test
  void aProblemIsFoundBelowAnyWrapper() {
    Throwable wrapped =
        new IllegalStateException("a", new RuntimeException(Problem.invalid("/x", "is wrong")));
    assertThat(ExceptionTranslator.of(wrapped).status()).isEqualTo(422);
  }

  @Test
  void aProblemInsideOfABodyKnowsItsPlace() {
    assertThatThrownBy(
            () -> Json.mapper().readValue("{\"parts\":[{\"size\":1},{\"size\":-1}]}", Whole.class))
        .satisfies(
            thrown ->
                assertThat(
                        ExceptionTranslator.of(new IllegalStateException("wrapped", thrown))
                            .violations())
                    .extracting(Problem.Violation::pointer)
                    .containsExactly("/parts/1/size"));
  }

  record Whole(List<Part> parts) {}

  record Part(int size) {
    Part {
      if (size < 0) {
        throw Problem.invalid("/size", "is negative");
      }
    }
  }

  @Test
  void retryAfterIsInWholeSecondsAndAtLeastOne() {
    Problem away =
        Problem.unavailable("x", "Away.", Duration.ofMillis(200), new RuntimeException());
    assertThat(ExceptionTranslator.of(away).headers()).containsEntry("Retry-After", "1");
  }

  @Test
  void missingCredentialsSayHowToProve() {
    Problem problem = new Problem(Problem.Kind.UNAUTHENTICATED, "unauthenticated", "No.");
    assertThat(ExceptionTranslator.of(problem).headers()).containsKey("WWW-Authenticate");
  }

  @Test
  void aDefectTellsNothing() {
    ProblemResponse problemResponse =
        ExceptionTranslator.of(new IllegalStateException("password=secret"));
    assertThat(problemResponse.status()).isEqualTo(500);
    assertThat(problemResponse.body("/x", "id").toString())
        .doesNotContain("secret", "IllegalState");
  }

  @Test
  void aCharacterThatPostgresCannotStoreIsTheCallersFault() {
    SQLException refused = new SQLException("invalid byte sequence: 0x00", "22021");
    assertThat(ExceptionTranslator.of(new IllegalStateException("wrapped", refused)).status())
        .isEqualTo(422);
    assertThat(ExceptionTranslator.of(new SQLException("unnamed")).status()).isEqualTo(500);
  }

  @Test
  void aMissingFileIsAMissingResource() {
    assertThat(ExceptionTranslator.of(new FileNotFoundException("SRVE0190E: /etc")).status())
        .isEqualTo(404);
  }

  @Test
  void aCycleOfCausesEnds() {
    Exception one = new Exception();
    Exception two = new Exception(one);
    one.initCause(two);
    assertThat(ExceptionTranslator.of(one).status()).isEqualTo(500);
  }

  @Test
  void theBodyIsAProblemDocument() {
    ProblemBody body = ProblemResponse.of(405, Map.of("Allow", "GET")).body("/a", "id-1");
    assertThat(body)
        .isEqualTo(
            new ProblemBody(
                "urn:soilhub:problem:method-not-allowed",
                "Method Not Allowed",
                405,
                "The resource does not know this method; Allow lists those that it knows.",
                "/a",
                null,
                "id-1"));
  }
}
