package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.OutboundClient;
import io.soilhub.scalability.platform.outbound.OutboundRequest;
import io.soilhub.scalability.platform.outbound.OutboundResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jose4j.http.SimpleGet;
import org.jose4j.http.SimpleResponse;

/// Gets an issuer's public keys. A request waits for it, so it must be quick.
final class JwksRequest implements SimpleGet {

  private static final int LONGEST = 1 << 20;

  private final OutboundClient http =
      new OutboundClient(
          AddressPolicy.ANY,
          new OutboundClient.Limits(Duration.ofSeconds(3), Duration.ofSeconds(5), LONGEST));

  private final OutboundRequest request;

  /// @throws IllegalArgumentException for what is no http or https URL
  JwksRequest(String location) {
    this.request = OutboundRequest.of("GET", URI.create(location));
  }

  /// @throws IOException for any answer but 200, redirects included
  @Override
  public SimpleResponse get(String location) throws IOException {
    try {
      OutboundResponse answer = http.send(request);
      if (answer.status() != 200) {
        throw new IOException("%s answers %d".formatted(location, answer.status()));
      }
      return new Keys(answer);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private record Keys(OutboundResponse answer) implements SimpleResponse {

    @Override
    public int getStatusCode() {
      return answer.status();
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public Set<String> getHeaderNames() {
      return answer.headers().keySet();
    }

    @Override
    public List<String> getHeaderValues(String name) {
      return answer.values(name);
    }

    @Override
    public String getBody() {
      return answer.body();
    }
  }
}
