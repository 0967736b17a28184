package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertSettingsTest {

  @Test
  void everyAddressIsTold() {
    assertThat(to("a@example.org, b@example.org").recipients())
        .containsExactly("a@example.org", "b@example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grower", "Grower <g@example.org>", "g@", "a b@example.org"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> to("a@example.org," + text))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("ALERT_EMAIL_TO")
        .hasMessageContaining("'" + text + "'");
  }

  private static AlertSettings to(String recipients) {
    Map<String, String> set = Map.of("ALERT_EMAIL_TO", recipients, "SMTP_HOST", "mail.example.org");
    return AlertSettings.from(Settings.from(set));
  }
}
