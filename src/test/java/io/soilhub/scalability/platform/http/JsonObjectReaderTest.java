package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonObjectReaderTest {

  private enum Colour {
    RED,
    DARK_GREEN
  }

  @Test
  void readsMembersOfEveryType() {
    JsonObjectReader reader =
        reader(
            "{'text':' a ','number':1.5,'whole':7,'flag':true,'colour':'dark_green',"
                + "'range':{'min':1},'exact':3,'list':['x',' y '],'object':{'inner':'z'}}");

    assertThat(reader.text("text")).contains("a");
    assertThat(reader.number("number", 0, 2)).hasValue(1.5);
    assertThat(reader.integer("whole", 1, 0, 9)).isEqualTo(7);
    assertThat(reader.flag("flag", false)).isTrue();
    assertThat(reader.choice("colour", Colour.class)).contains(Colour.DARK_GREEN);
    assertThat(reader.range("range")).isEqualTo(new Range(1, Double.POSITIVE_INFINITY));
    assertThat(reader.range("exact")).isEqualTo(new Range(3, 3));
    assertThat(reader.texts("list", 1, 2, 3)).containsExactly("x", "y");
    assertThat(reader.object("object").text("inner")).contains("z");
    reader.refuseOthers();
    assertThatCode(reader::raise).doesNotThrowAnyException();
  }

  @Test
  void aMissingOrNullMemberHasItsDefault() {
    JsonObjectReader reader = reader("{'text':null,'whole':null}");

    assertThat(reader.has("text")).isFalse();
    assertThat(reader.text("text")).isEmpty();
    assertThat(reader.number("number", 0, 2)).isEmpty();
    assertThat(reader.integer("whole", 4, 0, 9)).isEqualTo(4);
    assertThat(reader.flag("flag", true)).isTrue();
    assertThat(reader.choice("colour", Colour.class)).isEmpty();
    assertThat(reader.range("range")).isEqualTo(Range.ANY);
    assertThat(reader.texts("list", 1, 2, 3)).isEmpty();
    assertThat(reader.object("object").text("inner")).isEmpty();
    assertThatCode(reader::raise).doesNotThrowAnyException();
  }

  static Stream<Arguments> whatIsWrongIsSaid() {
    return Stream.of(
        wrong("{'a':' '}", r -> r.text("a"), "/a", "a must be a text"),
        wrong("{'a':1}", r -> r.text("a"), "/a", "a must be a text"),
        wrong("{'a':3}", r -> r.number("a", 0.5, 2), "/a", "a must be a number from 0.5 to 2"),
        wrong(
            "{'a':2.5}",
            r -> r.integer("a", 1, 0, 9),
            "/a",
            "a must be a whole number from 0 to 9"),
        wrong(
            "{'a':10}", r -> r.integer("a", 1, 0, 9), "/a", "a must be a whole number from 0 to 9"),
        wrong("{'a':'true'}", r -> r.flag("a", true), "/a", "a must be true or false"),
        wrong(
            "{'a':'RED'}",
            r -> r.choice("a", Colour.class),
            "/a",
            "a must be one of red, dark_green"),
        wrong("{'a':'1'}", r -> r.range("a"), "/a", "a must be a number or {min, max}"),
        wrong(
            "{'a':{'min':2,'max':1}}", r -> r.range("a"), "/a", "min must not be greater than max"),
        wrong("{'a':[]}", r -> r.object("a"), "/a", "a must be an object"),
        wrong("{'a':[]}", r -> r.texts("a", 1, 2, 3), "/a", "a must be an array of 1 to 2 texts"),
        wrong(
            "{'a':['x','long']}",
            r -> r.texts("a", 1, 2, 3),
            "/a/1",
            "a/1 must be a text of 1 to 3 characters"),
        wrong("{}", r -> r.require("a"), "/a", "a is required"),
        wrong(
            "{'b':1,'a/~':1}",
            r -> {
              r.integer("b", 1, 0, 9);
              r.refuseOthers();
            },
            "/a~1~0",
            "'a/~' is not known here; known are b"),
        wrong("{'o':{'a':' '}}", r -> r.object("o").text("a"), "/o/a", "a must be a text"));
  }

  @ParameterizedTest
  @MethodSource
  void whatIsWrongIsSaid(
      String json, Consumer<JsonObjectReader> read, String pointer, String detail) {
    JsonObjectReader reader = reader(json);
    read.accept(reader);

    Problem problem = catchThrowableOfType(Problem.class, reader::raise);

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations()).containsExactly(new Violation(pointer, detail));
  }

  private static Arguments wrong(
      String json, Consumer<JsonObjectReader> read, String pointer, String detail) {
    return Arguments.of(json, read, pointer, detail);
  }

  private static JsonObjectReader reader(String json) {
    return JsonObjectReader.of((ObjectNode) Json.parse(json.replace('\'', '"')));
  }
}
