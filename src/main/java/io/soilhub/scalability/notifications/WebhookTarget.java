package io.soilhub.scalability.notifications;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/// Decides which addresses a webhook may be sent to: by default none of this machine, of private
/// networks or of the cloud's metadata service, so that whoever may submit a job cannot reach
/// through this service what is closed to him (OWASP, "Server-Side Request Forgery Prevention").
///
/// @param allowPrivate whether private addresses may be called, for receivers in the same network
record WebhookTarget(boolean allowPrivate) {

  private static final int LONGEST_URL = 2000;

  /// What is wrong with a URL as it is written; says nothing about where its name leads.
  Optional<String> fault(String url) {
    if (url.length() > LONGEST_URL) {
      return Optional.of("must have at most %d characters".formatted(LONGEST_URL));
    }
    try {
      URI uri = URI.create(url);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getUserInfo() == null
          ? Optional.empty()
          : Optional.of("must be an http or https URL with a host and without credentials");
    } catch (IllegalArgumentException _) {
      return Optional.of("must be a URL");
    }
  }

  /// Whether every address that the host's name has now may be called. The call resolves the name
  /// again: what a name server changes in between is not seen.
  boolean reachable(URI uri) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      if (!allowPrivate && closed(address)) {
        return false;
      }
    }
    return true;
  }

  /// Everything that the registries of special-purpose addresses (RFC 6890) do not call global.
  static boolean closed(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || (bytes.length == 4 ? closedFour(bytes) : closedSix(bytes));
  }

  /// This network, carriers' NAT, protocol assignments, benchmarking, reserved and broadcast.
  private static boolean closedFour(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    return first == 0
        || (first == 100 && (second & 0xC0) == 64)
        || (first == 192 && second == 0 && bytes[2] == 0)
        || (first == 198 && (second & 0xFE) == 18)
        || first >= 240;
  }

  /// Unique local, and the prefixes that carry an IPv4 address: compatible, NAT64 and 6to4.
  private static boolean closedSix(byte[] bytes) {
    int prefix = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    return (prefix & 0xFE00) == 0xFC00 || prefix == 0 || prefix == 0x0064 || prefix == 0x2002;
  }
}
