package io.soilhub.scalability.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Sha256;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// Knows the owner of an API key without asking PostgreSQL each time: a key is looked up again
/// after ten seconds, which is how long a revocation may take on other replicas, and is honoured
/// for up to ten minutes while PostgreSQL is away. Nobody with a known key waits for a PostgreSQL
/// that is away, and one caller a key at most waits for one that is slow.
final class ApiKeyCache {

  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration STALE = Duration.ofMinutes(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final int MAX_KEYS = 10_000;

  /// What a look-up gave and when; also for ids that do not exist, so that guessing stays cheap.
  private record Found(Optional<ApiKeyStore.Stored> stored, Instant at) {}

  /// Where the keys are kept.
  interface Keys {

    Optional<ApiKeyStore.Stored> find(String keyId);

    /// Notes that the key was used.
    void used(String keyId, Instant now);
  }

  private final Keys keys;
  private final Optional<byte[]> adminHash;
  private final BooleanSupplier away;
  private final Clock clock;
  private final Set<String> refreshing = ConcurrentHashMap.newKeySet();
  private volatile Instant failedAt = Instant.EPOCH;
  private final Cache<String, Found> found =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterWrite(STALE).build();

  /// @param away whether PostgreSQL is known to be away
  ApiKeyCache(Keys keys, Optional<String> adminKey, BooleanSupplier away, Clock clock) {
    this.keys = keys;
    this.away = away;
    this.adminHash = adminKey.map(Sha256::of);
    this.clock = clock;
  }

  /// The caller that holds this key; empty for a key that is not known, expired or revoked.
  ///
  /// @throws Problem of kind UNAVAILABLE when the key is not known here and PostgreSQL is away
  Optional<CallerIdentity> owner(String presented) {
    byte[] hash = Sha256.of(presented);
    if (adminHash.isPresent() && MessageDigest.isEqual(adminHash.get(), hash)) {
      return Optional.of(new CallerIdentity("key:admin", Role.ADMIN));
    }
    Instant now = clock.instant();
    return ApiKeySecret.parse(presented)
        .flatMap(secret -> lookUp(secret, now))
        .map(ApiKeyStore.Stored::key)
        .filter(key -> key.usableAt(now))
        .map(key -> new CallerIdentity("key:" + key.keyId(), key.role()));
  }

  /// Forgets a key, so that its revocation holds at once on this replica.
  void forget(String keyId) {
    found.invalidate(keyId);
  }

  private Optional<ApiKeyStore.Stored> lookUp(ApiKeySecret secret, Instant now) {
    Found before = found.getIfPresent(secret.id());
    if (before == null) {
      return ask(secret, now);
    }
    boolean fresh = isWithin(FRESH, before.at(), now);
    boolean failed = isWithin(AFTER_FAILURE, failedAt, now);
    if (fresh || away.getAsBoolean() || failed || !refreshing.add(secret.id())) {
      return proven(before, secret);
    }
    try {
      return ask(secret, now);
    } catch (Problem e) {
      if (e.kind() != Problem.Kind.UNAVAILABLE) {
        throw e;
      }
      failedAt = clock.instant();
      return proven(before, secret);
    } finally {
      refreshing.remove(secret.id());
    }
  }

  /// Not when the clock was set back since: a revoked key would stay good until it has caught up.
  private static boolean isWithin(Duration length, Instant at, Instant now) {
    Duration age = Duration.between(at, now);
    return !age.isNegative() && age.compareTo(length) < 0;
  }

  private Optional<ApiKeyStore.Stored> ask(ApiKeySecret secret, Instant now) {
    Found answer = new Found(keys.find(secret.id()), now);
    found.put(secret.id(), answer);
    Optional<ApiKeyStore.Stored> proven = proven(answer, secret);
    proven.ifPresent(s -> keys.used(s.key().keyId(), now));
    return proven;
  }

  private static Optional<ApiKeyStore.Stored> proven(Found found, ApiKeySecret secret) {
    return found.stored().filter(s -> secret.matches(s.hash()));
  }
}
