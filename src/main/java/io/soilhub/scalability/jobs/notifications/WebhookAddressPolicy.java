package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.platform.outbound.OutboundRequest;
import java.net.URI;
import java.util.Optional;

/// What a webhook's URL must look like. Which addresses its host may have is checked when it is
/// called, by [io.soilhub.scalability.platform.outbound.AddressPolicy].
final class WebhookAddressPolicy {

  private static final int LONGEST_URL = 2000;

  private WebhookAddressPolicy() {}

  /// What is wrong with a URL as it is written; says nothing about where its name leads.
  static Optional<String> fault(String url) {
    if (url.length() > LONGEST_URL) {
      return Optional.of("must have at most %d characters".formatted(LONGEST_URL));
    }
    try {
      URI uri = URI.create(url);
      return OutboundRequest.isUsable(uri) && uri.getUserInfo() == null
          ? Optional.empty()
          : Optional.of("must be an http or https URL with a host and without credentials");
    } catch (IllegalArgumentException _) {
      return Optional.of("must be a URL");
    }
  }
}
