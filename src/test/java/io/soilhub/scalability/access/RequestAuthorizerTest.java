package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who may send requests through the gateway, and what of his credentials stays here.
class RequestAuthorizerTest {

  private static final String ADMIN = "the-first-admin-key-of-all";
  private static final Map<String, String> KEYS =
      Map.of("AUTH_MODE", "api-key", "ADMIN_API_KEY", ADMIN);

  @Test
  void withoutAuthenticationNothingIsSecret() {
    assertThat(requestAuthorizer(Map.of()).admit(request("POST", Map.of()))).isEmpty();
  }

  @Test
  void aPageOfAnotherSiteMaySendNothingThatChanges() {
    Map<String, String> foreign = Map.of("Sec-Fetch-Site", "cross-site");
    assertThat(requestAuthorizer(Map.of()).admit(request("GET", foreign))).isEmpty();
    assertRefused(Problem.Kind.FORBIDDEN, Map.of(), request("POST", foreign));
    Map<String, String> old = Map.of("Origin", "http://evil.example", "Content-Type", "text/plain");
    assertThat(requestAuthorizer(Map.of()).admit(request("GET", old))).isEmpty();
    assertRefused(Problem.Kind.FORBIDDEN, Map.of(), request("POST", old));
    Map<String, String> own = Map.of("Origin", "http://localhost");
    assertThat(requestAuthorizer(Map.of()).admit(request("POST", own))).isEmpty();
  }

  @Test
  void withoutCredentialsNobodyGetsIn() {
    assertRefused(Problem.Kind.UNAUTHENTICATED, KEYS, request("GET", Map.of()));
    assertRefused(
        Problem.Kind.UNAUTHENTICATED, KEYS, request("GET", Map.of("X-API-Key", ADMIN + "x")));
  }

  @Test
  void whatWasPresentedToUsIsSecret() {
    Map<String, String> byKey = Map.of("X-API-Key", ADMIN, "Authorization", "Basic abc");
    assertThat(requestAuthorizer(KEYS).admit(request("POST", byKey))).containsExactly("x-api-key");
    Map<String, String> byBearer = Map.of("Authorization", "Bearer " + ADMIN);
    assertThat(requestAuthorizer(KEYS).admit(request("POST", byBearer)))
        .containsExactlyInAnyOrder("x-api-key", "authorization");
  }

  private static void assertRefused(
      Problem.Kind kind, Map<String, String> variables, RequestAuthorizer.Shown request) {
    assertThatThrownBy(() -> requestAuthorizer(variables).admit(request))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(kind));
  }

  private static RequestAuthorizer requestAuthorizer(Map<String, String> variables) {
    AccessSettings settings = AccessSettings.from(Settings.from(variables));
    ApiKeyCache.Keys none =
        new ApiKeyCache.Keys() {
          @Override
          public Optional<ApiKeyStore.Stored> find(String keyId) {
            return Optional.empty();
          }

          @Override
          public void used(String keyId, Instant now) {
            throw new IllegalStateException("there are none");
          }
        };
    ApiKeyCache ring = new ApiKeyCache(none, settings.adminKey(), () -> false, Clock.systemUTC());
    return new RequestAuthorizer(new Authentication(settings, ring), settings);
  }

  private static RequestAuthorizer.Shown request(String method, Map<String, String> headers) {
    return RequestAuthorizer.Shown.of(
        method, headers::get, Authority.parse("localhost"), "127.0.0.1");
  }
}
