package io.soilhub.scalability.queueing;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Redis;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import redis.clients.jedis.RedisClient;

/// The queues of one node with their connections: the shared ones for commands, one for each
/// queue's waiting, and one that nothing but the heartbeat uses.
public final class RedisQueues implements AutoCloseable {

  private final Redis redis;
  private final RedisClient waiting;
  private final RedisClient beating;
  private final Incarnation incarnation;
  private final Map<String, LeaseQueue> queues = new LinkedHashMap<>();

  /// @param names of the queues
  /// @param node who takes the leases; unique among all processes that ever ran
  public RedisQueues(Redis redis, Collection<String> names, String node, LeaseTiming timing) {
    this.redis = redis;
    this.waiting = redis.blocking(names.size(), WakeUp.LONGEST_WAIT);
    this.beating = redis.blocking(1, Duration.ZERO);
    this.incarnation = new Incarnation(redis.commands());
    for (String name : names) {
      queues.put(name, new LeaseQueue(redis.commands(), beating, name, node, timing));
    }
  }

  /// By name.
  public Map<String, LeaseQueue> all() {
    return Map.copyOf(queues);
  }

  public Incarnation incarnation() {
    return incarnation;
  }

  /// Waiting for work of one queue; ends with its own `close`.
  public WakeUp wakeUp(LeaseQueue queue, ThreadFactory threads) {
    return new WakeUp(waiting, queue, threads);
  }

  /// What keeps the queues equal to the journal in `database`.
  public Reconciler reconciler(Database database, Announcer announcer) {
    return new Reconciler(database, redis.commands(), incarnation, announcer, queues);
  }

  @Override
  public void close() {
    waiting.close();
    beating.close();
  }
}
