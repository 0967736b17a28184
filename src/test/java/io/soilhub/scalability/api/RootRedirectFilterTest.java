package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootRedirectFilterTest {

  @Test
  void aBrowserAtTheRootIsLedToTheApi() {
    assertThat(RootRedirectFilter.target("GET", "/")).contains("/openapi/ui/");
    assertThat(RootRedirectFilter.target("HEAD", "/")).contains("/openapi/ui/");
  }

  @ParameterizedTest
  @CsvSource({"POST,/", "DELETE,/", "GET,/nope", "GET,//", "GET,/openapi/ui/", "GET,/api"})
  void everythingElseGoesOn(String method, String path) {
    assertThat(RootRedirectFilter.target(method, path)).isEmpty();
  }
}
