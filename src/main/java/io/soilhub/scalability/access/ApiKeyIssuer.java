package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes and revokes API keys. A repeated request to make one cannot show the secret again and is
/// refused; it does not make a second key.
final class ApiKeyIssuer {

  /// A new key and the secret that is shown once.
  record Made(ApiKey key, ApiKeySecret secret) {}

  private final ApiKeyStore keys;
  private final IdempotentOperation operation;
  private final Uuid7 ids;
  private final Clock clock;
  private final RandomGenerator random;

  ApiKeyIssuer(
      ApiKeyStore keys,
      IdempotentOperation operation,
      Uuid7 ids,
      Clock clock,
      RandomGenerator random) {
    this.keys = keys;
    this.operation = operation;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
  }

  Made make(String name, Role role, Optional<Duration> life, String by) {
    UUID id = operation.id().orElseGet(ids::next);
    ApiKeySecret secret = ApiKeySecret.create(id, random);
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    ApiKey key =
        new ApiKey(
            secret.id(),
            name,
            role,
            now,
            by,
            life.map(now::plus),
            Optional.empty(),
            Optional.empty());
    if (!keys.add(key, secret.hash())) {
      throw alreadyShown();
    }
    return new Made(key, secret);
  }

  boolean revoke(String keyId) {
    return keys.revoke(keyId, clock.instant());
  }

  static Problem alreadyShown() {
    return new Problem(
        Problem.Kind.CONFLICT,
        "answer-shown-once",
        "This request was done; its answer holds a secret and is not shown again.");
  }
}
