package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFailuresTest {

  enum Colour {
    RED,
    LIGHT_BLUE
  }

  record Leaf(int size, boolean green) {
    Leaf {
      if (size < 0) {
        throw new IllegalArgumentException("size must not be negative");
      }
      if (size > 100) {
        throw Problem.invalid("/size", "must be at most 100");
      }
    }
  }

  record Tree(String name, Colour colour, Instant planted, List<Leaf> leaves) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\": 5}                                  | MALFORMED | /name          | must be a"
            + " string",
        "{\"name\": true}                               | MALFORMED | /name          | must be a"
            + " string",
        "{\"leaves\": 5}                                | MALFORMED | /leaves        | must be an"
            + " array",
        "{\"leaves\": [{\"size\": \"1\"}]}              | MALFORMED | /leaves/0/size | must be a"
            + " whole number",
        "{\"leaves\": [{\"size\": 1.5}]}                | MALFORMED | /leaves/0/size | must be a"
            + " whole number",
        "{\"leaves\": [{\"size\":1,\"green\":\"true\"}]}| MALFORMED | /leaves/0/green| must be true"
            + " or false",
        "{\"colour\": 1}                                | MALFORMED | /colour        | must be a"
            + " string",
        "[]                                             | MALFORMED | ``             | must be an"
            + " object",
        "{\"colour\": \"green\"}                        | INVALID   | /colour        | must be one"
            + " of red, light_blue",
        "{\"planted\": \"yesterday\"}                   | INVALID   | /planted       | cannot be"
            + " read as a time such as 2026-01-31T12:00:00Z",
        "{\"leaves\": [{\"green\": true}]}              | INVALID   | /leaves/0/size | must be"
            + " given",
        "{\"leaves\": [{\"size\": null}]}               | INVALID   | /leaves/0/size | must be"
            + " given",
        "{\"leaves\": [{\"size\": 99999999999}]}        | INVALID   | /leaves/0/size | is out of"
            + " the range of numbers",
        "{\"leaves\": [{\"size\":-1,\"green\":true}]}   | INVALID   | /leaves/0      | size must"
            + " not be negative",
        "{\"leaves\": [{\"size\":101,\"green\":true}]}  | INVALID   | /leaves/0/size | must be at"
            + " most 100",
        "{\"a/b~\": 1}                                  | INVALID   | /a~1b~0        | unknown"
            + " member a~1b~0; known are colour, leaves, name, planted",
      })
  void namesTheMemberAndWhatItShouldBe(
      String json, Problem.Kind kind, String pointer, String detail) {
    Problem problem = problem(json);
    assertThat(problem.kind()).isEqualTo(kind);
    assertThat(problem.violations())
        .containsExactly(new Problem.Violation(pointer == null ? "" : pointer, detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\": \"x\"      | line 1",
        "{\"name\": \"x\"} more| line 1",
        "{\"name\":\"a\",\"name\":\"b\"}| line 1",
        "nonsense              | line 1",
      })
  void saysWhereTextIsNotJson(String json, String where) {
    Problem problem = problem(json);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.MALFORMED);
    assertThat(problem.type()).isEqualTo("malformed-body");
    assertThat(problem).hasMessageContaining(where);
  }

  @Test
  void anEmptyBodyIsMissing() {
    assertThat(problem("")).hasMessage("A JSON body must be sent.");
  }

  @Test
  void nestingIsBounded() {
    assertThat(problem("{\"leaves\":" + "[".repeat(5000)).kind()).isEqualTo(Problem.Kind.MALFORMED);
  }

  private static Problem problem(String json) {
    JsonProcessingException e =
        catchThrowableOfType(
            JsonProcessingException.class, () -> Json.mapper().readValue(json, Tree.class));
    assertThat(e).as("what the parser finds wrong in %s", json).isNotNull();
    Problem problem = JsonFailures.of(e);
    assertThat(problem.getMessage()).doesNotContain("io.soilhub", "com.fasterxml", "java.");
    return problem;
  }
}
