package io.soilhub.scalability.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told at the very end of a replica's life.
class EnqueueBufferIT {

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();
  private static final int MANY = 20_000;

  private TestRedis server;
  private RedisClients redis;
  private LeaseQueue queue;

  @BeforeEach
  void open() {
    server = TestRedis.start();
    redis = new RedisClients(RedisSettings.of(server.url(), 4, Duration.ofSeconds(1)));
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
    EnqueueBuffer enqueueBuffer = new EnqueueBuffer(THREADS);
    announce(enqueueBuffer);
    enqueueBuffer.close();
    assertThat(redis.commands().zcard("jobs:{q}:ready")).isEqualTo(MANY);
    assertThat(enqueueBuffer.takeMissing()).isFalse();
  }

  @Test
  void theEndWaitsOnlySecondsForARedisThatDoesNotAnswer() {
    EnqueueBuffer enqueueBuffer = new EnqueueBuffer(THREADS);
    server.suspend();
    announce(enqueueBuffer);
    long begin = System.nanoTime();
    enqueueBuffer.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  private void announce(EnqueueBuffer enqueueBuffer) {
    for (int i = 0; i < MANY; i++) {
      enqueueBuffer.announce(
          queue, new DelayedEntry(new QueueEntry(1, new UUID(0, i)), Duration.ZERO));
    }
  }
}
