package io.soilhub.scalability.probing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.gateway.Backend;
import io.soilhub.scalability.outbound.AddressPolicy;
import io.soilhub.scalability.outbound.FullServer;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An instance with several addresses that serves on one of them.
@Timeout(60)
class HttpProbeTest {

  private static final InetAddress SERVING = InetAddress.getLoopbackAddress();
  private static final InetAddress NOT_SERVING = InetAddress.ofLiteral("127.0.0.3");

  private final Backend backend = Backend.start();

  @AfterEach
  void stop() {
    backend.close();
  }

  @Test
  void anInstanceThatServesOnItsSecondAddressIsHealthy() {
    assertThatCode(() -> probe(NOT_SERVING, SERVING).call(target())).doesNotThrowAnyException();
  }

  @Test
  void anAddressThatHangsDoesNotUseUpTheTimeOfTheOthers() throws IOException {
    try (FullServer _ = new FullServer(NOT_SERVING, backend.port())) {
      assertThatCode(() -> probe(NOT_SERVING, SERVING).call(target())).doesNotThrowAnyException();
    }
  }

  @Test
  void anInstanceThatServesNowhereIsNot() {
    assertThatThrownBy(() -> probe(NOT_SERVING, NOT_SERVING).call(target()))
        .isInstanceOf(IOException.class);
  }

  private HttpProbe probe(InetAddress... addresses) {
    Duration timeout = Duration.ofSeconds(20);
    Names names = new Names(_ -> addresses, AddressPolicy.ANY, timeout, Ticker.system());
    return new HttpProbe(names, timeout, Ticker.system());
  }

  private Target target() {
    return new Target("a", "s", "two.example", backend.port(), "/health", 1, "", "");
  }
}
