package io.soilhub.scalability.queueing;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.RedisSettings;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told at the very end of a replica's life.
class AnnouncerIT {

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();
  private static final int MANY = 20_000;

  private TestRedis server;
  private Redis redis;
  private LeaseQueue queue;

  @BeforeEach
  void open() {
    server = TestRedis.start();
    redis = new Redis(RedisSettings.of(server.url(), 4, Duration.ofSeconds(1)));
    LeaseTiming timing = new LeaseTiming(Duration.ofSeconds(10), Duration.ofSeconds(60));
    queue = new LeaseQueue(redis.commands(), redis.commands(), "q", "node", timing);
  }

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  @Test
  void whatWasAnnouncedBeforeTheEndIsDelivered() {
    Announcer announcer = new Announcer(THREADS);
    announce(announcer);
    announcer.close();
    assertThat(redis.commands().zcard("jobs:{q}:ready")).isEqualTo(MANY);
    assertThat(announcer.takeMissing()).isFalse();
  }

  @Test
  void theEndWaitsOnlySecondsForARedisThatDoesNotAnswer() {
    Announcer announcer = new Announcer(THREADS);
    server.suspend();
    announce(announcer);
    long begin = System.nanoTime();
    announcer.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  private void announce(Announcer announcer) {
    for (int i = 0; i < MANY; i++) {
      announcer.announce(queue, new Due(new Member(1, new UUID(0, i)), Duration.ZERO));
    }
  }
}
