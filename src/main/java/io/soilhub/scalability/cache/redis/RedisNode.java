package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisScript;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;

/// The connections to one Redis server and the way its scripts are called. Every connection begins
/// with a handshake that makes a new epoch when the server is not the run that made the last one:
/// so nothing is ever read from a server that came back with an older state as if nothing had been.
///
/// A call whose connection turns out to be dead is made once more: every script may be repeated
/// while its caller has no answer. A timeout is not repeated, it has cost enough.
final class RedisNode implements AutoCloseable {

  private static final String PREFIX = "cache:";
  private static final String LOG_KEY = PREFIX + "log";
  private static final List<byte[]> KEYS =
      List.of(
          bytes(PREFIX + "state"),
          bytes(LOG_KEY),
          bytes(PREFIX + "dirty"),
          bytes(PREFIX + "dirty:order"),
          bytes(PREFIX + "owed:keys"),
          bytes(PREFIX + "owed:tags"),
          bytes(PREFIX + "owed:purges"));

  private static final RedisScript OPEN = script("open.lua");

  /// Inside the message of a script's failure.
  private static final String OUT_OF_MEMORY = "OOM command not allowed";

  private final RedisClients redis;
  private final UnifiedJedis blocking;
  private final LongConsumer onEpoch;

  /// @param longestWait of one [#awaitMutation]
  /// @param onEpoch told the epoch whenever a connection was made, before it is used
  RedisNode(RedisSettings settings, Duration longestWait, LongConsumer onEpoch) {
    this.onEpoch = onEpoch;
    this.redis = new RedisClients(settings, this::handshake);
    this.blocking = redis.blocking(1, longestWait);
  }

  /// @param parts after the state
  static RedisScript script(String... parts) {
    return RedisScript.resource(
        RedisNode.class,
        Stream.concat(Stream.of("state.lua"), Stream.of(parts)).toArray(String[]::new));
  }

  /// Runs a script of this package.
  List<Object> run(RedisScript script, Arguments arguments) {
    return list(repeated(() -> script.runBinary(redis.commands(), KEYS, arguments.list())));
  }

  /// The bytes of the entries of several members, null where there is none.
  List<byte[]> entries(List<String> members) {
    byte[][] keys = new byte[members.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = bytes(PREFIX + "entry:" + members.get(i));
    }
    return repeated(() -> redis.commands().mget(keys));
  }

  /// What is noted for PostgreSQL: invalidations of keys, of tags, purges.
  List<List<PendingName>> pending(int limit) {
    return List.of(pending(4, limit), pending(5, limit), pending(6, limit));
  }

  /// @param seq number of the last mutation that noted it
  record PendingName(String name, long seq) {}

  /// Returns when the log has a record after this one, or after `longest`.
  void awaitMutation(String after, Duration longest) {
    XReadParams parameters =
        XReadParams.xReadParams().count(1).block((int) Math.max(1, longest.toMillis()));
    Map<String, StreamEntryID> from = Map.of(LOG_KEY, new StreamEntryID(after));
    repeated(() -> blocking.xread(parameters, from));
  }

  /// Whether the server syncs every write before it answers, and evicts nothing. One that does not
  /// tell counts as one that does not.
  boolean durable() {
    return "yes".equals(setting("appendonly"))
        && "always".equals(setting("appendfsync"))
        && "noeviction".equals(setting("maxmemory-policy"));
  }

  private String setting(String name) {
    return repeated(
        () -> {
          try {
            return redis.commands().configGet(name).getOrDefault(name, "");
          } catch (JedisDataException _) {
            return "";
          }
        });
  }

  @Override
  public void close() {
    blocking.close();
    redis.close();
  }

  private List<PendingName> pending(int key, int limit) {
    return repeated(
        () ->
            redis.commands().zrangeWithScores(KEYS.get(key), 0, limit - 1L).stream()
                .map(name -> new PendingName(text(name.getBinaryElement()), (long) name.getScore()))
                .toList());
  }

  private void handshake(Connection connection) {
    String info =
        text(
            (byte[])
                connection.executeCommand(
                    new CommandArguments(Protocol.Command.INFO).add("server")));
    String run =
        info.lines()
            .filter(line -> line.startsWith("run_id:"))
            .map(line -> line.substring(7).strip())
            .findFirst()
            .orElseThrow(() -> new JedisException("the server tells no run id"));
    CommandArguments open =
        new CommandArguments(Protocol.Command.EVAL).add(OPEN.source()).add(KEYS.size());
    KEYS.forEach(open::add);
    List<Object> answer = list(connection.executeCommand(open.add(run)));
    onEpoch.accept(number(answer.getFirst()));
  }

  private static <T> T repeated(Supplier<T> call) {
    try {
      try {
        return call.get();
      } catch (JedisConnectionException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
        return call.get();
      }
    } catch (JedisException e) {
      if (e instanceof JedisDataException && e.getMessage().contains(OUT_OF_MEMORY)) {
        throw new RedisFull(e);
      }
      // Also what the server refuses, for instance while it reads its data: it is of no use.
      throw new RedisUnavailable(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  /// A number that a script gives as text, because Lua's numbers would come rounded, or as such.
  static long number(Object answer) {
    return answer instanceof Long number ? number : Long.parseLong(text(answer));
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object answer) {
    return answer instanceof List<?> list ? (List<Object>) list : new ArrayList<>(List.of(answer));
  }
}
