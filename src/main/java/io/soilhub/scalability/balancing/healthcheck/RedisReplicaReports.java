package io.soilhub.scalability.balancing.healthcheck;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisScript;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisException;

/// The board in Redis: one hash, one call a second. What is on it is made anew every second, so
/// that nothing is lost with it.
final class RedisReplicaReports implements ReplicaReports {

  private static final Logger LOG = System.getLogger(RedisReplicaReports.class.getName());
  private static final RedisScript EXCHANGE =
      RedisScript.resource(RedisReplicaReports.class, "bulletin.lua");
  private static final String KEY = "fleet:bulletins";
  private static final String SECONDS = "6";

  private final RedisClients redis;
  private final String node;

  RedisReplicaReports(RedisClients redis, String node) {
    this.redis = redis;
    this.node = node;
  }

  @Override
  public Map<String, ReplicaReport> exchange(ReplicaReport own) {
    Map<String, ReplicaReport> others = new HashMap<>();
    try {
      Object answer =
          EXCHANGE.run(redis.commands(), List.of(KEY), List.of(node, Json.write(own), SECONDS));
      if (answer instanceof List<?> pairs) {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
          others.put(
              (String) pairs.get(i),
              Json.mapper().readValue((String) pairs.get(i + 1), ReplicaReport.class));
        }
      }
    } catch (JedisException e) {
      LOG.log(Level.DEBUG, "no bulletins: {0}", e.getMessage());
      others.clear();
    } catch (JsonProcessingException e) {
      // A replica of another version writes another form: everybody probes for himself until it is
      // gone.
      LOG.log(Level.WARNING, "a bulletin cannot be read: {0}", e.getOriginalMessage());
      others.clear();
    }
    return others;
  }

  @Override
  public void withdraw() {
    try {
      redis.commands().hdel(KEY, node);
    } catch (JedisException e) {
      LOG.log(Level.DEBUG, "the bulletin stays until it is old: {0}", e.getMessage());
    }
  }
}
