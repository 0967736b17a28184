package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  private static final AllowedHosts UNSET = AllowedHosts.from(Settings.from(Map.of()));

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
  void withoutCredentialsThisMachinesNamesAreAnswered(String host) {
    assertThatNoException().isThrownBy(() -> UNSET.check(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1evil.example",
        "xlocalhost",
        "10.0.0.1",
        "::2",
        ""
      })
  void withoutCredentialsAnyOtherNameIsMisdirected(String host) {
    assertMisdirected(UNSET, host);
  }

  @Test
  void listedNamesAreAnsweredToo() {
    AllowedHosts hosts = hosts("ALLOWED_HOSTS", "Soil.Example, [fe80::1]");
    assertThatNoException().isThrownBy(() -> hosts.check("soil.example"));
    assertThatNoException().isThrownBy(() -> hosts.check("[FE80::1]"));
    assertThatNoException().isThrownBy(() -> hosts.check("localhost"));
    assertMisdirected(hosts, "other.example");
    assertMisdirected(hosts, "a.soil.example");
  }

  @Test
  void whereCallersProveWhoTheyAreOrAllMayCallNamesAreFree() {
    AllowedHosts proven = hosts("AUTH_MODE", "api-key");
    AllowedHosts open = hosts("ALLOW_ANONYMOUS", "true");
    assertThatNoException().isThrownBy(() -> proven.check("soil.example"));
    assertThatNoException().isThrownBy(() -> open.check("soil.example"));
  }

  @Test
  void thereTooAListIsKept() {
    Map<String, String> variables = Map.of("AUTH_MODE", "api-key", "ALLOWED_HOSTS", "soil.example");
    AllowedHosts hosts = AllowedHosts.from(Settings.from(variables));
    assertThatNoException().isThrownBy(() -> hosts.check("soil.example"));
    assertMisdirected(hosts, "evil.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soil.example:8000", "https://soil.example", "*", "a b"})
  void whatIsNoNameIsRefused(String value) {
    assertThatThrownBy(() -> hosts("ALLOWED_HOSTS", value))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("ALLOWED_HOSTS");
  }

  private static AllowedHosts hosts(String name, String value) {
    return AllowedHosts.from(Settings.from(Map.of(name, value)));
  }

  private static void assertMisdirected(AllowedHosts hosts, String host) {
    assertThatThrownBy(() -> hosts.check(host))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> org.assertj.core.api.Assertions.assertThat(p.kind().status()).isEqualTo(421));
  }
}
