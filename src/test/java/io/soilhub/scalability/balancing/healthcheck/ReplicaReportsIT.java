package io.soilhub.scalability.balancing.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.balancing.fleet.Health;
import io.soilhub.scalability.balancing.fleet.HealthCheckResult;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaReportsIT {

  @Test
  void replicasReadEachOtherAlsoAfterAWipeUntilOneLeaves() {
    try (RedisClients redis = TestRedis.shared().open(9)) {
      RedisReplicaReports one = new RedisReplicaReports(redis, "one");
      RedisReplicaReports two = new RedisReplicaReports(redis, "two");
      HealthCheckResult healthCheckResult =
          new HealthCheckResult(Health.HEALTHY, 1.5, Optional.of(Instant.EPOCH));
      ReplicaReport posted = new ReplicaReport(Map.of("a", 3), Map.of("a", healthCheckResult));
      assertThat(one.exchange(posted)).isEmpty();
      assertThat(two.exchange(new ReplicaReport(Map.of(), Map.of())))
          .isEqualTo(Map.of("one", posted));
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
