package io.soilhub.scalability.jobs.queue;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.redis.RedisClients;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import redis.clients.jedis.RedisClient;

/// The queues of one node with their connections: the shared ones for commands, one for each
/// queue's waiting, and one that nothing but the heartbeat uses.
public final class RedisQueues implements AutoCloseable {

  private final RedisClients redis;
  private final RedisClient waiting;
  private final RedisClient beating;
  private final RedisRunId redisRunId;
  private final Map<String, LeaseQueue> queues = new LinkedHashMap<>();

  /// @param names of the queues
  /// @param node who takes the leases; unique among all processes that ever ran
  public RedisQueues(
      RedisClients redis, Collection<String> names, String node, LeaseTiming timing) {
    this.redis = redis;
    this.waiting = redis.blocking(names.size(), WorkSignal.LONGEST_WAIT);
    this.beating = redis.blocking(1, Duration.ZERO);
    this.redisRunId = new RedisRunId(redis.commands());
    for (String name : names) {
      queues.put(name, new LeaseQueue(redis.commands(), beating, name, node, timing));
    }
  }

  /// By name.
  public Map<String, LeaseQueue> all() {
    return Map.copyOf(queues);
  }

  public RedisRunId redisRunId() {
    return redisRunId;
  }

  /// Waiting for work of one queue; ends with its own `close`.
  public WorkSignal workSignal(LeaseQueue queue, ThreadFactory threads) {
    return new WorkSignal(waiting, queue, threads);
  }

  /// What keeps the queues equal to the journal in `database`.
  public Reconciler reconciler(Database database, EnqueueBuffer enqueueBuffer) {
    return new Reconciler(database, redis.commands(), redisRunId, enqueueBuffer, queues);
  }

  @Override
  public void close() {
    waiting.close();
    beating.close();
  }
}
