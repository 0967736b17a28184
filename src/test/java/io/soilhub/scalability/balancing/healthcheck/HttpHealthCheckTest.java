package io.soilhub.scalability.balancing.healthcheck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.gateway.proxy.Backend;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.outbound.FullServer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An instance with several addresses that serves on one of them.
@Timeout(60)
class HttpHealthCheckTest {

  private static final InetAddress SERVING = InetAddress.getLoopbackAddress();
  private static final InetAddress NOT_SERVING = InetAddress.ofLiteral("127.0.0.3");

  private final Backend backend = Backend.start();

  @AfterEach
  void stop() {
    backend.close();
  }

  @Test
  void anInstanceThatServesOnItsSecondAddressIsHealthy() {
    assertThatCode(() -> probe(NOT_SERVING, SERVING).call(instanceSpec()))
        .doesNotThrowAnyException();
  }

  @Test
  void anAddressThatHangsDoesNotUseUpTheTimeOfTheOthers() throws IOException {
    try (FullServer _ = new FullServer(NOT_SERVING, backend.port())) {
      assertThatCode(() -> probe(NOT_SERVING, SERVING).call(instanceSpec()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void anInstanceThatServesNowhereIsNot() {
    assertThatThrownBy(() -> probe(NOT_SERVING, NOT_SERVING).call(instanceSpec()))
        .isInstanceOf(IOException.class);
  }

  private HttpHealthCheck probe(InetAddress... addresses) {
    Duration timeout = Duration.ofSeconds(20);
    DnsCache dnsCache = new DnsCache(_ -> addresses, AddressPolicy.ANY, timeout, Ticker.system());
    return new HttpHealthCheck(dnsCache, timeout, Ticker.system());
  }

  private InstanceSpec instanceSpec() {
    return new InstanceSpec("a", "s", "two.example", backend.port(), "/health", 1, "", "");
  }
}
