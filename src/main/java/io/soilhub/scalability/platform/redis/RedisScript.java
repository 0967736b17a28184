package io.soilhub.scalability.platform.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/// A Lua script that runs atomically on the server, sent by its digest and in full only when the
/// server does not know it (after a restart or SCRIPT FLUSH).
public final class RedisScript {

  private final String source;
  private final String digest;

  private RedisScript(String source) {
    this.source = source;
    this.digest = sha1(source);
  }

  /// A script kept beside `owner` on the class path, for instance `claim.lua`. Several names make
  /// one script of several parts, in this order.
  public static RedisScript resource(Class<?> owner, String... names) {
    StringBuilder source = new StringBuilder();
    for (String name : names) {
      source.append(read(owner, name)).append('\n');
    }
    return new RedisScript(source.toString());
  }

  /// The whole text, for a connection that is used by hand.
  public String source() {
    return source;
  }

  /// Runs the script. The keys must share one hash tag, so that it also runs on a Redis Cluster.
  public Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
    try {
      return redis.evalsha(digest, keys, arguments);
    } catch (JedisNoScriptException _) {
      return redis.eval(source, keys, arguments);
    }
  }

  /// Runs the script with arguments and answers that are not text.
  public Object runBinary(UnifiedJedis redis, List<byte[]> keys, List<byte[]> arguments) {
    try {
      return redis.evalsha(bytes(digest), keys, arguments);
    } catch (JedisNoScriptException _) {
      return redis.eval(bytes(source), keys, arguments);
    }
  }

  private static String read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "no script %s beside %s".formatted(name, owner.getName()));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha1(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
