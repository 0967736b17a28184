package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.time.Instant;
import java.util.Optional;

/// A stored API key, without its secret.
public record ApiKey(
    String keyId,
    String name,
    Role role,
    Instant createdAt,
    String createdBy,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<Instant> lastUsedAt) {

  boolean usableAt(Instant now) {
    return revokedAt.isEmpty() && expiresAt.map(now::isBefore).orElse(true);
  }
}
