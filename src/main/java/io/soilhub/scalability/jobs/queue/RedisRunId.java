package io.soilhub.scalability.jobs.queue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/// Which run of the Redis server this node believes to talk to. A server that was killed comes back
/// with a state up to a second old, one that was failed over to may lag: both have a new run id.
/// Queues name the run in which they were last complete, and hand out nothing to a node of another
/// belief.
public final class RedisRunId {

  private static final Logger LOG = System.getLogger(RedisRunId.class.getName());

  private final UnifiedJedis redis;
  private volatile String runId = "";

  RedisRunId(UnifiedJedis redis) {
    this.redis = redis;
  }

  /// The run id last seen; empty before the first answer.
  public String runId() {
    return runId;
  }

  /// Asks the server. To be called after every failure of a command.
  public String refresh() {
    try {
      runId = fields(redis.info("server")).getOrDefault("run_id", "");
      return runId;
    } catch (JedisException e) {
      throw new QueueUnavailable(e);
    }
  }

  /// Says loudly what of the server's configuration would lose work for up to a minute at a time.
  public void warnOfLosses() {
    try {
      String policy = fields(redis.info("memory")).getOrDefault("maxmemory_policy", "");
      if (!policy.equals("noeviction")) {
        LOG.log(
            Level.WARNING,
            "Redis may evict the job queues: maxmemory-policy is {0}, set it to noeviction",
            policy);
      }
      if ("0".equals(fields(redis.info("persistence")).get("aof_enabled"))) {
        LOG.log(
            Level.WARNING,
            "Redis keeps no append-only file: after its restart the job queues are rebuilt from the"
                + " journal, which delays jobs; set appendonly yes");
      }
    } catch (JedisException e) {
      LOG.log(Level.WARNING, "Redis could not be asked for its configuration: {0}", e.getMessage());
    }
  }

  private static Map<String, String> fields(String info) {
    return info.lines()
        .filter(line -> line.contains(":"))
        .map(line -> line.split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].strip(), (a, _) -> a));
  }
}
