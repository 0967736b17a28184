package io.soilhub.scalability.cache.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-0",
        "-0.0",
        "1.10",
        "12345678901234567890",
        "3.14159265358979323846264338327950288",
        "1E400",
        "1e-7",
        "\"\"",
        "\"a\\u0000\\n\\\"b\"",
        "[]",
        "{}",
        "[1,[2.50,{\"a\":null,\"b\":[{}]}],\"x\"]",
        "{\"a\":{\"b\":{\"c\":1.000}},\"ä\":\"ü😀\"}"
      })
  void aValueComesBackDigitByDigit(String json) throws Exception {
    CacheResource.Put put = read("{\"key\":\"k\",\"value\":" + json + ",\"tags\":[\"t\"]}");

    assertThat(put.value().text()).isEqualTo(json);
    assertThat(put.tags()).containsExactly("t");
    assertThat(JsonText.CODEC.decode(JsonText.CODEC.encode(json))).isEqualTo(json);
  }

  @Test
  void spacesAreNotKept() throws Exception {
    assertThat(read("{\"key\":\"k\",\"value\": { \"a\" : [ 1 , 2 ] } }").value().text())
        .isEqualTo("{\"a\":[1,2]}");
  }

  @Test
  void aMissingValueIsNotANullOne() {
    assertThatThrownBy(() -> read("{\"key\":\"k\"}")).hasStackTraceContaining("must be given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1,\"a\":2}", "NaN", "01", "[1,]", "{\"a\"}"})
  void whatIsNoJsonIsRefused(String json) {
    assertThatThrownBy(() -> read("{\"key\":\"k\",\"value\":" + json + "}"))
        .isInstanceOf(JsonProcessingException.class);
  }

  private static CacheResource.Put read(String body) throws JsonProcessingException {
    return Json.mapper().readValue(body, CacheResource.Put.class);
  }
}
