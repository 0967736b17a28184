package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMethodsTest {

  @ParameterizedTest
  @CsvSource({
    "GET, true, true, true",
    "HEAD, true, true, true",
    "OPTIONS, false, true, true",
    "PUT, false, false, true",
    "DELETE, false, false, true",
    "POST, false, false, false",
    "PATCH, false, false, false",
    "TRACE, false, false, false",
    "CONNECT, false, false, false",
    "get, false, false, false",
  })
  void promises(String method, boolean retrieval, boolean safe, boolean idempotent) {
    assertThat(HttpMethods.isRetrieval(method)).isEqualTo(retrieval);
    assertThat(HttpMethods.isSafe(method)).isEqualTo(safe);
    assertThat(HttpMethods.isIdempotent(method)).isEqualTo(idempotent);
  }
}
