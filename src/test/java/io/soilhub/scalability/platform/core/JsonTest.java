package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  public record Order(int itemCount, String note, Optional<String> tag, List<Integer> sizes) {}

  public record Stamp(Instant takenAt, Optional<String> by) {}

  @Test
  void writesSnakeCaseAndRfc3339AndLeavesOutWhatIsAbsent() {
    assertThat(Json.write(new Stamp(Instant.parse("2026-01-02T03:04:05Z"), Optional.empty())))
        .isEqualTo("{\"taken_at\":\"2026-01-02T03:04:05Z\"}");
  }

  @Test
  void readsARecord() throws JsonProcessingException {
    Order order =
        Json.mapper().readValue("{\"item_count\":2,\"note\":\"x\",\"sizes\":[1,2]}", Order.class);

    assertThat(order).isEqualTo(new Order(2, "x", Optional.empty(), List.of(1, 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"note\":\"a number is missing\"}",
        "{\"item_count\":null}",
        "{\"item_count\":\"2\"}",
        "{\"item_count\":2.5}",
        "{\"item_count\":2,\"unknown\":1}",
        "{\"item_count\":2,\"item_count\":3}",
        "{\"item_count\":2} {}",
        "{\"item_count\":99999999999}"
      })
  void refusesWhatWouldOtherwiseBeADefault(String text) {
    assertThatThrownBy(() -> Json.mapper().readValue(text, Order.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void saysWhereTheFaultIs() {
    assertThatThrownBy(
            () -> Json.mapper().readValue("{\"item_count\":2,\"sizes\":[1,\"x\"]}", Order.class))
        .isInstanceOfSatisfying(
            JsonMappingException.class,
            e -> assertThat(e.getPathReference()).contains("[\"sizes\"]", "[1]"));
  }
}
