package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTest {

  private final RequestLimits limits = new RequestLimits(10, 100);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/csv",
        "Text/CSV; charset=utf-8",
        "application/gzip",
        "multipart/form-data; boundary=x"
      })
  void aTableMayBeAsLongAsAnUpload(String type) {
    assertThat(limits.limit(type)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", ""})
  void anythingElseIsABody(String type) {
    assertThat(limits.limit(type)).isEqualTo(10);
  }

  @Test
  void aBodyOfNoTypeIsABody() {
    assertThat(limits.limit(null)).isEqualTo(10);
  }
}
