package io.soilhub.scalability.jobs.queue;

import io.soilhub.scalability.platform.redis.RedisScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/// One queue in Redis: `ready` sorted by due time less priority x ageing step, `delayed` by due
/// time, `lease` by deadline. A member is overtaken only by members of a higher priority that
/// became due within (difference of priorities x step) after it, so nothing starves; within a
/// priority it is first in, first out.
///
/// A claim moves a member from ready to lease in one script: there is no moment at which a crash
/// could lose it. Any node that claims also takes back what others let expire, so there is no
/// reaper to fail; only after half a lease in which no node was heard does it wait for one lease,
/// because then it was Redis that could not be reached. All calls throw [QueueUnavailable] when
/// Redis does not answer.
public final class LeaseQueue {

  private static final RedisScript EXCHANGE = script("exchange.lua");
  private static final RedisScript ENQUEUE = script("enqueue.lua");
  private static final RedisScript RESTORE = script("restore.lua");
  private static final RedisScript RENEW = script("renew.lua");
  private static final int REPAIRS_A_CALL = 200;
  private static final int MEMBERS_A_CALL = 500;

  private final UnifiedJedis redis;
  private final UnifiedJedis beating;
  private final String name;
  private final List<String> keys;
  private final String node;
  private final LeaseTiming timing;

  /// @param beating the connection of the heartbeat
  /// @param name of the queue, also the hash tag that keeps its keys together on a Redis Cluster
  /// @param node who takes the leases; unique among all processes that ever ran
  LeaseQueue(
      UnifiedJedis redis, UnifiedJedis beating, String name, String node, LeaseTiming timing) {
    this.redis = redis;
    this.beating = beating;
    this.name = name;
    this.keys =
        List.of(
            key("ready"),
            key("delayed"),
            key("lease"),
            key("owner"),
            key("limits"),
            key("rate"),
            key("wake"),
            key("epoch"),
            key("contact"),
            key("ranked"));
    this.node = node;
    this.timing = timing;
  }

  public String name() {
    return name;
  }

  /// Adds those members that the queue does not hold yet. One that is leased is added when its
  /// owner says that it is done with: it may have been opened again meanwhile.
  ///
  /// @return how many were added
  public long add(Collection<DelayedEntry> members) {
    long added = 0;
    for (List<DelayedEntry> part : parts(members)) {
      List<String> arguments = new ArrayList<>(1 + 2 * part.size());
      arguments.add(millis(timing.ageingStep()));
      for (DelayedEntry delayedEntry : part) {
        arguments.add(delayedEntry.member().text());
        arguments.add(millis(delayedEntry.in()));
      }
      added += (Long) run(ENQUEUE, redis, arguments);
    }
    return added;
  }

  /// Gives members back and takes up to `wanted` others, if the queue is that of `incarnation`.
  ///
  /// @param done members not to be seen again
  /// @param again members to be handed out again when due
  /// @param unused members that return to the place in the order that they were taken from
  public ClaimReply claimReply(
      String incarnation,
      Collection<QueueEntry> done,
      Collection<DelayedEntry> again,
      Collection<QueueEntry> unused,
      int wanted) {
    int given = done.size() + again.size() + unused.size();
    List<String> arguments = new ArrayList<>(7 + 2 * given);
    arguments.add(node);
    arguments.add(incarnation);
    arguments.add(millis(timing.lease()));
    arguments.add(millis(timing.ageingStep()));
    arguments.add(Integer.toString(wanted));
    arguments.add(Integer.toString(REPAIRS_A_CALL));
    arguments.add(Integer.toString(given));
    for (QueueEntry queueEntry : done) {
      arguments.add(queueEntry.text());
      arguments.add("");
    }
    for (QueueEntry queueEntry : unused) {
      arguments.add(queueEntry.text());
      arguments.add("=");
    }
    for (DelayedEntry delayedEntry : again) {
      arguments.add(delayedEntry.member().text());
      arguments.add(millis(delayedEntry.in()));
    }
    return ClaimReply.of((List<?>) run(EXCHANGE, redis, arguments));
  }

  /// Renews the leases of this node, on the heartbeat's own connection. Called without any it tells
  /// that this node lives.
  ///
  /// @param adopt whether to take leases that nobody holds: after Redis lost them
  public Renewal renew(Collection<QueueEntry> members, boolean adopt) {
    List<QueueEntry> lost = new ArrayList<>();
    List<QueueEntry> unknown = new ArrayList<>();
    for (List<QueueEntry> part : parts(members)) {
      List<String> arguments = new ArrayList<>(part.size() + 3);
      arguments.add(node);
      arguments.add(millis(timing.lease()));
      arguments.add(adopt ? "1" : "0");
      part.forEach(queueEntry -> arguments.add(queueEntry.text()));
      Renewal renewal = Renewal.of((List<?>) run(RENEW, beating, arguments));
      lost.addAll(renewal.lost());
      unknown.addAll(renewal.unknown());
    }
    return new Renewal(lost, unknown);
  }

  /// Leases members that are known to be worked on to nobody, for their owners to adopt.
  ///
  /// @param distrust whether members found ready were put there before they were taken: after Redis
  ///   came back with an older state
  public void restore(Collection<QueueEntry> working, boolean distrust) {
    for (List<QueueEntry> part : parts(working)) {
      List<String> arguments = new ArrayList<>(part.size() + 2);
      arguments.add(millis(timing.lease()));
      arguments.add(distrust ? "1" : "0");
      part.forEach(queueEntry -> arguments.add(queueEntry.text()));
      run(RESTORE, redis, arguments);
    }
  }

  /// Takes a waiting member out; a leased one is left to its owner.
  public void remove(QueueEntry queueEntry) {
    for (String waiting : List.of("ready", "delayed", "ranked")) {
      call(() -> redis.zrem(key(waiting), queueEntry.text()));
    }
  }

  /// Sets the limits that every later exchange keeps, and lets waiting nodes see them.
  ///
  /// @param maxConcurrency leases at the same time; 0 for no limit
  /// @param ratePerMinute members handed out a minute; 0 for no limit
  public void limit(boolean paused, int maxConcurrency, int ratePerMinute) {
    Map<String, String> limits =
        Map.of(
            "paused", paused ? "1" : "0",
            "max", Integer.toString(maxConcurrency),
            "rate", Integer.toString(ratePerMinute));
    call(() -> redis.hset(key("limits"), limits));
    wake();
  }

  /// Wakes one node that waits for work of this queue.
  public void wake() {
    call(() -> redis.lpush(key("wake"), "1") + redis.ltrim(key("wake"), 0, 0));
  }

  /// Which incarnation of Redis the queue was last rebuilt in; empty after it was wiped.
  public String epoch() {
    return call(() -> Optional.ofNullable(redis.get(key("epoch")))).orElse("");
  }

  /// Declares the queue complete, so that it hands out work again.
  public void complete(String incarnation) {
    call(() -> redis.set(key("epoch"), incarnation));
    wake();
  }

  String wakeKey() {
    return key("wake");
  }

  private Object run(RedisScript script, UnifiedJedis connection, List<String> arguments) {
    return call(() -> script.run(connection, keys, arguments));
  }

  private static <T> T call(Supplier<T> command) {
    try {
      return command.get();
    } catch (JedisException e) {
      throw new QueueUnavailable(e);
    }
  }

  private String key(String what) {
    return "jobs:{" + name + "}:" + what;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  private static RedisScript script(String file) {
    return RedisScript.resource(LeaseQueue.class, "common.lua", file);
  }

  /// In parts of what one call may carry; one part without members when there are none.
  private static <T> List<List<T>> parts(Collection<T> members) {
    List<T> all = List.copyOf(members);
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(all.size(), from + MEMBERS_A_CALL);
      parts.add(all.subList(from, to));
      from = to;
    } while (from < all.size());
    return parts;
  }
}
