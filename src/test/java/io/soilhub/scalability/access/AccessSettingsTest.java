package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessSettingsTest {

  @Test
  void withoutAnythingSetThisMachineMayCallWithoutCredentials() {
    AccessSettings settings = from("");
    assertThat(settings.modes()).isEmpty();
    assertThat(settings.anonymousFromAnywhere()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AUTH_MODE=api-key",
        "AUTH_MODE=api-key HOST=*",
        "ALLOW_ANONYMOUS=true HOST=0.0.0.0",
        "HOST=localhost",
        "HOST=::1"
      })
  void safeCombinationsStart(String variables) {
    assertThat(from(variables)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HOST=*",
        "HOST=0.0.0.0",
        "HOST=10.0.0.1",
        "AUTH_MODE=none HOST=*",
        "AUTH_MODE=password",
        "AUTH_MODE=API-KEY",
        "AUTH_MODE=none,api-key",
        "AUTH_MODE=,",
        "AUTH_MODE=jwt",
        "AUTH_MODE=jwt JWT_ISSUER=x JWT_PUBLIC_KEY_LOCATION=http://x JWT_AUDIENCE=,",
        "AUTH_MODE=jwt JWT_ISSUER=x JWT_PUBLIC_KEY_LOCATION=/no/such/file",
        "AUTH_MODE=jwt JWT_ISSUER=x JWT_PUBLIC_KEY_LOCATION=pom.xml",
        "AUTH_MODE=api-key ADMIN_API_KEY=short"
      })
  void unsafeCombinationsDoNot(String variables) {
    assertThatThrownBy(() -> from(variables)).isInstanceOf(Settings.InvalidSetting.class);
  }

  @Test
  void theAdminKeyIsInNoMessage() {
    assertThatThrownBy(() -> from("ADMIN_API_KEY=tooshort")).hasMessageNotContaining("tooshort");
    assertThat(from("ADMIN_API_KEY=012345678901234567890123").toString()).doesNotContain("0123");
  }

  private static AccessSettings from(String variables) {
    Map<String, String> map =
        Arrays.stream(variables.split(" "))
            .filter(v -> !v.isEmpty())
            .map(v -> v.split("=", 2))
            .collect(Collectors.toMap(v -> v[0], v -> v[1]));
    return AccessSettings.from(Settings.from(map));
  }
}
