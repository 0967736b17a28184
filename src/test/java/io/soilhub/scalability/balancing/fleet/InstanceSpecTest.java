package io.soilhub.scalability.balancing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceSpecTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "a.b-c.example", "10.0.0.7", "::1", "fd00::1", "svc_1"})
  void hostsAndAddressesAreTaken(String host) {
    assertThat(new InstanceSpec("a", "s", host, 80, "/health", 1, "", "").host()).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "'',     localhost, 80,    /h,   1,   /instance_id",
    "'a b',  localhost, 80,    /h,   1,   /instance_id",
    "a,      'my host', 80,    /h,   1,   /host",
    "a,      a/b,       80,    /h,   1,   /host",
    "a,      'x@y',     80,    /h,   1,   /host",
    "a,      '',        80,    /h,   1,   /host",
    "a,      localhost, 0,     /h,   1,   /port",
    "a,      localhost, 65536, /h,   1,   /port",
    "a,      localhost, 80,    h,    1,   /health_endpoint",
    "a,      localhost, 80,    '/ h', 1,  /health_endpoint",
    "a,      localhost, 80,    /h,   0,   /weight",
    "a,      localhost, 80,    /h,   101, /weight",
  })
  void whatIsWrongIsNamed(
      String id, String host, int port, String path, int weight, String pointer) {
    assertThatThrownBy(() -> new InstanceSpec(id, "s", host, port, path, weight, "", ""))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations()).extracting("pointer").containsExactly(pointer));
  }

  @Test
  void addressesOfVersionSixAreBracketed() {
    assertThat(new InstanceSpec("a", "s", "::1", 80, "/", 1, "", "").authority())
        .isEqualTo("[::1]:80");
  }
}
