package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Text that no store can keep is refused in every body, before anything is done with it.
class WellFormedParserTest {

  record Note(String text, List<String> lines, Map<String, String> more, JsonNode any) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\":\"\\ud800\"} | /text",
        "{\"text\":\"a\\udc00b\"} | /text",
        "{\"text\":\"\\ud83d\\ud83d\\ude00\"} | /text",
        "{\"lines\":[\"fine\",\"\\ude00\\ud83d\"]} | /lines/1",
        "{\"more\":{\"x\":\"\\ud83d\"}} | /more/x",
        "{\"any\":{\"deep\":[{\"er\":\"\\ud83d\"}]}} | /any/deep/0/er"
      })
  void halfASurrogatePairIsRefusedWhereverItStands(String body, String pointer) {
    assertRefused(body.getBytes(StandardCharsets.UTF_8), Problem.Kind.INVALID, pointer);
    assertRefused(body.getBytes(StandardCharsets.UTF_16BE), Problem.Kind.INVALID, pointer);
  }

  /// Not by us, hence without a pointer.
  @Test
  void halfASurrogatePairIsRefusedInAName() {
    String body = "{\"more\":{\"\\ud83d\":\"x\"}}";
    assertRefused(body.getBytes(StandardCharsets.UTF_8), Problem.Kind.MALFORMED, "");
    assertRefused(body.getBytes(StandardCharsets.UTF_16BE), Problem.Kind.MALFORMED, "");
  }

  @Test
  void halfASurrogatePairIsNoUtf8() {
    byte[] body = "{\"text\":\"???\"}".getBytes(StandardCharsets.UTF_8);
    body[9] = (byte) 0xed;
    body[10] = (byte) 0xa0;
    body[11] = (byte) 0x80;
    assertRefused(body, Problem.Kind.MALFORMED, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"\\ud83d\\ude00\"}",
        "{\"text\":\"\ud83d\ude00\",\"more\":{\"\ud83d\ude00\":\"\\u0000\"}}",
        "{}"
      })
  void wholePairsPass(String body) throws IOException {
    assertThat(read(body.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Note.class);
  }

  private static void assertRefused(byte[] body, Problem.Kind kind, String pointer) {
    JsonProcessingException e =
        catchThrowableOfType(JsonProcessingException.class, () -> read(body));
    Problem problem = JsonFailures.of(e);
    assertThat(problem.kind()).isEqualTo(kind);
    assertThat(problem.violations().stream().map(Problem.Violation::pointer).findFirst().orElse(""))
        .isEqualTo(pointer);
  }

  @SuppressWarnings("unchecked")
  private static Object read(byte[] body) throws IOException {
    return new JacksonBodyProvider()
        .readFrom(
            (Class<Object>) (Class<?>) Note.class,
            Note.class,
            new Annotation[0],
            MediaType.APPLICATION_JSON_TYPE,
            new jakarta.ws.rs.core.MultivaluedHashMap<>(),
            new ByteArrayInputStream(body));
  }
}
