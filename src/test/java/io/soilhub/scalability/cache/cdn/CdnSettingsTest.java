package io.soilhub.scalability.cache.cdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CdnSettingsTest {

  @Test
  void withoutAUrlThereIsNoCdn() {
    assertThat(CdnSettings.from(Settings.from(Map.of("CDN_KIND", "fastly")))).isEmpty();
  }

  @Test
  void aVarnishMayBeSeveralServers() {
    CdnSettings edge =
        CdnSettings.from(Settings.from(Map.of("CDN_URL", "http://a:6081/, http://b:6081")))
            .orElseThrow();

    assertThat(edge.target().kind()).isEqualTo(CdnProvider.VARNISH);
    assertThat(edge.target().urls())
        .containsExactly(URI.create("http://a:6081"), URI.create("http://b:6081"));
    assertThat(edge.again()).isEqualTo(Duration.ofSeconds(2));
    assertThat(edge.purgesPerSecond()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CDN_URL | ftp://x |",
        "CDN_URL | x |",
        "CDN_URL | https://u:p@x |",
        "CDN_URL | http://api.fastly.com/service/1 | CDN_KIND=fastly",
        "CDN_URL | https://a,https://b | CDN_KIND=fastly",
        "CDN_TOKEN | | CDN_KIND=cloudflare,CDN_TOKEN=",
        "CDN_TOKEN | two words |",
        "CDN_SOFT_PURGE | true | CDN_KIND=cloudflare",
        "CDN_PURGES_PER_SECOND | 0 |",
        "CDN_PURGES_PER_SECOND | NaN |",
        "CDN_PURGES_PER_SECOND | many |",
        "CDN_TTL_SECONDS | 0 |",
        "CDN_REPURGE_SECONDS | 61 |",
        "CDN_KIND | akamai |"
      })
  void aSettingThatCannotWorkIsNamed(String name, String value, String others) {
    Map<String, String> variables = new HashMap<>();
    variables.put("CDN_URL", "https://cdn.example");
    variables.put("CDN_TOKEN", "secret");
    for (String other : others == null ? new String[0] : others.split(",(?=CDN)")) {
      String[] parts = other.split("=", -1);
      variables.put(parts[0], parts[1]);
    }
    if (value != null) {
      variables.put(name, value);
    }

    assertThatThrownBy(() -> CdnSettings.from(Settings.from(variables)))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageStartingWith(name + " is ")
        .hasMessageNotContaining("two words");
  }

  @Test
  void theTokenIsNotPrinted() {
    assertThat(CdnHeadersTest.edge(Map.of()).toString()).doesNotContain("secret");
  }
}
