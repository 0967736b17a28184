package io.soilhub.scalability.balancing.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancingSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "10.1.2.3, true",
    "172.31.255.255, true",
    "172.32.0.0, false",
    "192.168.7.7, true",
    "::1, true",
    "fd12::1, true",
    "8.8.8.8, false",
    "2001:db8::1, false",
    "169.254.169.254, false",
    "169.254.1.1, false",
    "fe80::1, false",
    "fd00:ec2::254, false",
    "0.0.0.0, false",
    "::ffff:8.8.8.8, false",
    "::ffff:10.0.0.1, true",
    "224.0.0.1, false"
  })
  void byDefaultLoopbackAndPrivateRangesAreAllowed(String address, boolean allowed) {
    AllowedAddresses byDefault = BalancingSettings.from(Settings.from(Map.of())).addresses();
    assertThat(byDefault.allows(InetAddress.ofLiteral(address))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.9",
        "fe80::1",
        "100.100.100.200",
        "168.63.129.16",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::6464:64c8",
        "2002:a9fe:a9fe::1",
      })
  void whatServesSecretsIsNeverAllowed(String address) {
    assertThat(cidrs("0.0.0.0/0,::/0").allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8.8.8.8", "fd00:ec3::1", "fd00:42::43", "64:ff9b::808:808", "2002:808:808::1"})
  void whatLooksLikeItIsNotForbiddenWithIt(String address) {
    assertThat(cidrs("0.0.0.0/0,::/0").allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8", "::/129", "10.0.0.0/-1"})
  void badRangesAreRefused(String range) {
    assertThatThrownBy(() -> cidrs(range)).isInstanceOf(Settings.InvalidSetting.class);
  }

  @Test
  void theStaticListIsRead() {
    List<Instance> all =
        instances("a=localhost:8001, search/b=10.0.0.1:80*5@east,c=[::1]:9000@west");
    assertThat(all)
        .extracting(Instance::target)
        .containsExactly(
            new InstanceSpec("a", "default", "localhost", 8001, "/health", 1, "", ""),
            new InstanceSpec("b", "search", "10.0.0.1", 80, "/health", 5, "east", ""),
            new InstanceSpec("c", "default", "::1", 9000, "/health", 1, "west", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=b", "a=b:0", "a=b:1*0", "a=b:1,a=c:2", "a=my host:1", "=x:1"})
  void badStaticListsAreRefused(String list) {
    assertThatThrownBy(() -> instances(list))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("INSTANCES");
  }

  private static List<Instance> instances(String list) {
    return StaticInstances.from(Settings.from(Map.of("INSTANCES", list)), Instant.EPOCH)
        .instances();
  }

  private static AllowedAddresses cidrs(String ranges) {
    return AllowedAddresses.from(
        Settings.from(Map.of("X", ranges)), Setting.list("X", "", "ranges", "of a test"));
  }
}
