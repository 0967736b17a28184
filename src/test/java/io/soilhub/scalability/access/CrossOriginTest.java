package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.http.Authority;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginTest {

  @ParameterizedTest
  @CsvSource({
    "http://soil.example:8000, soil.example:8000",
    "HTTP://SOIL.example:8000, soil.EXAMPLE:8000",
    "http://soil.example, soil.example",
    "http://soil.example, soil.example:80",
    "https://soil.example, soil.example",
    "https://soil.example, soil.example:443",
    "http://[::1]:8000, [::1]:8000",
  })
  void aPageOfTheServiceItselfMayAskForChanges(String origin, String host) {
    assertThat(changes("POST", "", origin, host)).isFalse();
    assertThat(changes("POST", "same-origin", origin, host)).isFalse();
  }

  /// With and without Sec-Fetch-Site, which browsers send to https and to loopback addresses alone.
  @ParameterizedTest
  @CsvSource({
    "http://evil.example, soil.example",
    "http://soil.example.evil.example, soil.example",
    "http://soil.example:8001, soil.example:8000",
    "http://soil.example:8000, soil.example",
    "http://localhost:3000, localhost:8000",
    "null, soil.example",
    "'', soil.example",
    "file://, soil.example",
    "http://soil.example@evil.example, soil.example",
    "http://soil.example/, soil.example",
    "http://soil.example http://soil.example, soil.example",
    "http://soil.example, ''",
  })
  void anyOtherOriginIsForeign(String origin, String host) {
    assertThat(changes("POST", "", origin, host)).isTrue();
    assertThat(changes("DELETE", "none", origin, host)).isTrue();
    assertThat(changes("OPTIONS", "", origin, host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "CROSS-SITE", "?"})
  void soIsWhatABrowserSaysItIs(String site) {
    assertThat(CrossOrigin.changes("PUT", Optional.of(site), Optional.empty(), own("a"))).isTrue();
    assertThat(CrossOrigin.changes("GET", Optional.of(site), Optional.empty(), own("a"))).isFalse();
  }

  @Test
  void readingAndWhatIsNoBrowserAreNotConcerned() {
    assertThat(changes("GET", "", "http://evil.example", "a")).isFalse();
    assertThat(changes("HEAD", "", "http://evil.example", "a")).isFalse();
    for (String site : List.of("same-origin", "none")) {
      assertThat(CrossOrigin.changes("POST", Optional.of(site), Optional.empty(), own("a")))
          .isFalse();
    }
    assertThat(CrossOrigin.changes("POST", Optional.empty(), Optional.empty(), own("a"))).isFalse();
  }

  private static boolean changes(String method, String site, String origin, String host) {
    return CrossOrigin.changes(
        method, Optional.of(site).filter(s -> !s.isEmpty()), Optional.of(origin), own(host));
  }

  private static Optional<Authority> own(String host) {
    return Authority.parse(host);
  }
}
