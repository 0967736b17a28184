package io.soilhub.scalability.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.fleet.Health;
import io.soilhub.scalability.fleet.Verdict;
import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BulletinsIT {

  @Test
  void replicasReadEachOtherAlsoAfterAWipeUntilOneLeaves() {
    try (Redis redis = TestRedis.shared().open(9)) {
      RedisBulletins one = new RedisBulletins(redis, "one");
      RedisBulletins two = new RedisBulletins(redis, "two");
      Verdict verdict = new Verdict(Health.HEALTHY, 1.5, Optional.of(Instant.EPOCH));
      Bulletin posted = new Bulletin(Map.of("a", 3), Map.of("a", verdict));
      assertThat(one.exchange(posted)).isEmpty();
      assertThat(two.exchange(new Bulletin(Map.of(), Map.of()))).isEqualTo(Map.of("one", posted));
      assertThat(one.exchange(posted)).containsOnlyKeys("two");
      redis.commands().flushDB();
      assertThat(one.exchange(posted)).isEmpty();
      assertThat(two.exchange(posted)).containsOnlyKeys("one");
      redis.commands().hset("fleet:bulletins", "old", "1000 {}");
      one.withdraw();
      assertThat(two.exchange(posted)).isEmpty();
      assertThat(redis.commands().hkeys("fleet:bulletins")).containsExactly("two");
    }
  }
}
