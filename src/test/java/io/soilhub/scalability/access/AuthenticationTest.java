package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuthenticationTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String ADMIN = "the-first-admin-key-of-all";

  /// Keys in memory, which can be away.
  private static final class MemoryKeys implements ApiKeyCache.Keys {
    private final Map<String, ApiKeyStore.Stored> stored = new HashMap<>();
    private int lookUps;
    private boolean away;

    @Override
    public Optional<ApiKeyStore.Stored> find(String keyId) {
      lookUps++;
      if (away) {
        throw new Problem(Problem.Kind.UNAVAILABLE, "database-unavailable", "Away.");
      }
      return Optional.ofNullable(stored.get(keyId));
    }

    @Override
    public void used(String keyId, Instant now) {}
  }

  private final MemoryKeys keys = new MemoryKeys();
  private Instant now = NOW;

  @Test
  void withoutAuthenticationThisMachineIsTheAdministrator() {
    Authentication authentication = authentication(Map.of());
    assertThat(authentication.caller(from("127.0.0.1")).role()).isEqualTo(Role.ADMIN);
    assertThat(authentication.caller(from("0:0:0:0:0:0:0:1")).role()).isEqualTo(Role.ADMIN);
    assertRefused(Problem.Kind.FORBIDDEN, authentication, from("10.0.0.1"));
  }

  @Test
  void aPageOfAnotherSiteIsNotTheAdministrator() {
    Authentication.Credentials page =
        new Authentication.Credentials(Optional.empty(), Optional.empty(), true, "127.0.0.1");
    assertRefused(Problem.Kind.FORBIDDEN, authentication(Map.of()), page);
    assertRefused(Problem.Kind.FORBIDDEN, authentication(Map.of("ALLOW_ANONYMOUS", "true")), page);
  }

  @Test
  void anyMachineMayBeAnonymousWhenThatIsAllowed() {
    assertThat(authentication(Map.of("ALLOW_ANONYMOUS", "true")).caller(from("10.0.0.1")))
        .isEqualTo(CallerIdentity.ANONYMOUS);
  }

  @Test
  void anApiKeyIsTakenFromEitherHeader() {
    Authentication authentication = apiKeys();
    String key = stored(Role.OPERATOR, Optional.empty(), Optional.empty());
    assertThat(authentication.caller(apiKey(key)).role()).isEqualTo(Role.OPERATOR);
    assertThat(authentication.caller(bearer(key)).role()).isEqualTo(Role.OPERATOR);
  }

  @Test
  void theFirstAdminKeyNeedsNoStore() {
    keys.away = true;
    assertThat(apiKeys().caller(apiKey(ADMIN)).role()).isEqualTo(Role.ADMIN);
  }

  @Test
  void nobodyElseGetsIn() {
    Authentication authentication = apiKeys();
    String key = stored(Role.ADMIN, Optional.empty(), Optional.empty());
    char last = key.charAt(key.length() - 1);
    String nearly = key.substring(0, key.length() - 1) + (last == 'A' ? 'B' : 'A');
    assertRefused(Problem.Kind.UNAUTHENTICATED, authentication, from("127.0.0.1"));
    assertRefused(Problem.Kind.UNAUTHENTICATED, authentication, apiKey(nearly));
    assertRefused(Problem.Kind.UNAUTHENTICATED, authentication, apiKey(ADMIN + "x"));
    assertRefused(
        Problem.Kind.UNAUTHENTICATED,
        authentication,
        apiKey(stored(Role.ADMIN, Optional.of(NOW), Optional.empty())));
    assertRefused(
        Problem.Kind.UNAUTHENTICATED,
        authentication,
        apiKey(stored(Role.ADMIN, Optional.empty(), Optional.of(NOW))));
  }

  @Test
  void aKeyIsNotLookedUpEachTime() {
    Authentication authentication = apiKeys();
    String key = stored(Role.VIEWER, Optional.empty(), Optional.empty());
    for (int i = 0; i < 10; i++) {
      authentication.caller(apiKey(key));
    }
    assertThat(keys.lookUps).isEqualTo(1);
  }

  @Test
  void aKnownKeyIsHonouredWhileTheStoreIsAwayAndLookedUpAgainAfterwards() {
    Authentication authentication = apiKeys();
    String key = stored(Role.VIEWER, Optional.empty(), Optional.empty());
    authentication.caller(apiKey(key));
    now = now.plusSeconds(60);
    keys.away = true;
    assertThat(authentication.caller(apiKey(key)).role()).isEqualTo(Role.VIEWER);
    keys.away = false;
    keys.stored.clear();
    now = now.plusSeconds(5);
    assertRefused(Problem.Kind.UNAUTHENTICATED, authentication, apiKey(key));
  }

  @Test
  void anUnknownKeyCannotBeJudgedWhileTheStoreIsAway() {
    String key = stored(Role.VIEWER, Optional.empty(), Optional.empty());
    keys.away = true;
    assertRefused(Problem.Kind.UNAVAILABLE, apiKeys(), apiKey(key));
  }

  private Authentication apiKeys() {
    return authentication(Map.of("AUTH_MODE", "api-key", "ADMIN_API_KEY", ADMIN));
  }

  private Authentication authentication(Map<String, String> variables) {
    AccessSettings settings = AccessSettings.from(Settings.from(variables));
    InstantSource source = () -> now;
    Clock clock = source.withZone(ZoneOffset.UTC);
    return new Authentication(
        settings, new ApiKeyCache(keys, settings.adminKey(), () -> false, clock));
  }

  private String stored(Role role, Optional<Instant> expires, Optional<Instant> revoked) {
    UUID id = new UUID(7, keys.stored.size());
    ApiKeySecret secret = ApiKeySecret.create(id, new Random(keys.stored.size()));
    ApiKey key =
        new ApiKey(
            secret.id(),
            "test",
            role,
            NOW.minus(Duration.ofDays(1)),
            "test",
            expires,
            revoked,
            Optional.empty());
    keys.stored.put(secret.id(), new ApiKeyStore.Stored(key, secret.hash()));
    return secret.text();
  }

  private static void assertRefused(
      Problem.Kind kind, Authentication authentication, Authentication.Credentials credentials) {
    assertThatThrownBy(() -> authentication.caller(credentials))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(kind));
  }

  private static Authentication.Credentials from(String address) {
    return new Authentication.Credentials(Optional.empty(), Optional.empty(), false, address);
  }

  private static Authentication.Credentials apiKey(String key) {
    return new Authentication.Credentials(Optional.of(key), Optional.empty(), false, "10.0.0.1");
  }

  private static Authentication.Credentials bearer(String key) {
    return new Authentication.Credentials(
        Optional.empty(), Optional.of("Bearer " + key), false, "10.0.0.1");
  }
}
