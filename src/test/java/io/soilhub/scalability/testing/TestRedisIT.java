package io.soilhub.scalability.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.testing.TestRedis.Setup;
import io.soilhub.scalability.testing.TestRedis.Sync;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/// The faults are real ones: each is seen from a client.
class TestRedisIT {

  @ParameterizedTest
  @EnumSource(Sync.class)
  void aKilledServerKeepsWhatItsFileKeeps(Sync sync) {
    try (TestRedis server = TestRedis.start(Setup.synced(sync));
        RedisClients redis = server.open()) {
      redis.commands().set("k", "v");
      String run = server.info("run_id");
      server.kill();
      assertThatThrownBy(() -> redis.commands().get("k"))
          .isInstanceOf(JedisConnectionException.class);
      server.restart();
      assertThat(server.info("run_id")).isNotEqualTo(run);
      try (RedisClients again = server.open()) {
        assertThat(again.commands().exists("k")).isEqualTo(sync != Sync.OFF);
      }
    }
  }

  @Test
  void aWipedServerHasForgottenEverything() {
    try (TestRedis server = TestRedis.start()) {
      try (RedisClients redis = server.open()) {
        redis.commands().set("k", "v");
      }
      server.kill();
      server.wipe();
      server.restart();
      try (RedisClients redis = server.open()) {
        assertThat(redis.commands().exists("k")).isFalse();
      }
    }
  }

  @Test
  void aSuspendedServerIsSilentAndGoesOnAfterwards() {
    try (TestRedis server = TestRedis.start();
        RedisClients redis = server.open()) {
      redis.commands().set("k", "v");
      server.suspend();
      assertThatThrownBy(() -> redis.commands().get("k"))
          .isInstanceOf(JedisConnectionException.class)
          .hasMessageContaining("timed out");
      server.resume();
      assertThat(redis.commands().get("k")).isEqualTo("v");
    }
  }

  @Test
  void killedConnectionsAreGoneAndTheDataIsNot() {
    try (TestRedis server = TestRedis.start();
        RedisClients redis = server.open()) {
      redis.commands().set("k", "v");
      server.killConnections();
      assertThatThrownBy(() -> redis.commands().get("k"))
          .isInstanceOf(JedisConnectionException.class);
      assertThat(redis.commands().get("k")).isEqualTo("v");
    }
  }

  @Test
  void flushedAreDataAndScripts() {
    try (TestRedis server = TestRedis.start();
        RedisClients redis = server.open()) {
      redis.commands().set("k", "v");
      String digest = redis.commands().scriptLoad("return 1", "k");
      assertThat(redis.commands().evalsha(digest, List.of("k"), List.of())).isEqualTo(1L);
      server.flushScripts();
      assertThatThrownBy(() -> redis.commands().evalsha(digest, List.of("k"), List.of()))
          .isInstanceOf(JedisNoScriptException.class);
      assertThat(redis.commands().exists("k")).isTrue();
      server.flushAll();
      assertThat(redis.commands().exists("k")).isFalse();
    }
  }

  @Test
  void aFullServerForgetsKeys() {
    try (TestRedis server = TestRedis.start(Setup.evicting("4mb"));
        RedisClients redis = server.open()) {
      String value = "x".repeat(10_000);
      for (int i = 0; i < 1000; i++) {
        redis.commands().set("k" + i, value);
      }
      assertThat(redis.commands().dbSize()).isLessThan(500);
      assertThat(Long.parseLong(server.info("evicted_keys"))).isPositive();
    }
  }
}
