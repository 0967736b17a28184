package io.soilhub.scalability.platform.outbound;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An answer of another service, whole.
///
/// @param headers all values by name in lower case
/// @param body as UTF-8
public record OutboundResponse(int status, Map<String, List<String>> headers, String body) {

  public OutboundResponse {
    headers = Map.copyOf(headers);
  }

  public List<String> values(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  public Optional<String> value(String name) {
    return values(name).stream().findFirst();
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
