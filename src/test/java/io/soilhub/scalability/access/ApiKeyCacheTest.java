package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// How often, and by whom, PostgreSQL is asked for a key that is known already.
class ApiKeyCacheTest {

  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final ApiKeySecret SECRET = ApiKeySecret.create(new UUID(7, 1), new Random(1));

  private final InstantSource source = () -> this.now;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final ApiKeyCache ring =
      new ApiKeyCache(new Store(), Optional.empty(), () -> this.knownAway, clock);
  private Instant now = START;
  private boolean failing;
  private boolean knownAway;
  private int asked;
  private Runnable meanwhile = () -> {};

  private final class Store implements ApiKeyCache.Keys {

    @Override
    public Optional<ApiKeyStore.Stored> find(String keyId) {
      asked++;
      meanwhile.run();
      if (failing) {
        now = now.plusSeconds(5);
        throw new Problem(Problem.Kind.UNAVAILABLE, "database-unavailable", "Away.");
      }
      ApiKey key =
          new ApiKey(
              SECRET.id(),
              "test",
              Role.VIEWER,
              START.minus(Duration.ofDays(1)),
              "test",
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      return Optional.of(new ApiKeyStore.Stored(key, SECRET.hash()));
    }

    @Override
    public void used(String keyId, Instant now) {}
  }

  @Test
  void aKnownKeyIsAskedForAgainAfterTenSeconds() {
    assertKnown(1);
    now = now.plusSeconds(9);
    assertKnown(1);
    now = now.plusSeconds(1);
    assertKnown(2);
  }

  @Test
  void aStoreThatIsKnownToBeAwayIsNotAsked() {
    assertKnown(1);
    now = now.plusSeconds(60);
    knownAway = true;
    assertKnown(1);
    knownAway = false;
    assertKnown(2);
  }

  @Test
  void afterAFailureNobodyAsksForFiveSeconds() {
    assertKnown(1);
    now = now.plusSeconds(10);
    failing = true;
    assertKnown(2);
    now = now.plusMillis(4_999);
    assertKnown(2);
    now = now.plusMillis(1);
    assertKnown(3);
    now = now.plusSeconds(5);
    failing = false;
    assertKnown(4);
    assertKnown(4);
  }

  @Test
  void whileOneAsksOthersGoByWhatIsKnown() {
    assertKnown(1);
    now = now.plusSeconds(10);
    meanwhile = () -> assertKnown(2);
    assertKnown(2);
    meanwhile = () -> {};
    now = now.plusSeconds(10);
    assertKnown(3);
  }

  @Test
  void aClockThatIsSetBackKeepsNoKeyFresh() {
    assertKnown(1);
    now = now.minus(Duration.ofMinutes(29));
    assertKnown(2);
    assertKnown(2);
    now = now.plusSeconds(10);
    failing = true;
    assertKnown(3);
    failing = false;
    now = now.minus(Duration.ofMinutes(29));
    assertKnown(4);
  }

  private void assertKnown(int asking) {
    assertThat(ring.owner(SECRET.text())).isPresent();
    assertThat(asked).isEqualTo(asking);
  }
}
