package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Whether this node uses one server, and whether it may answer from memory what it knows of it. A
/// failed call ends both; the log has to be readable again, and the server told what it missed,
/// before either begins anew.
final class ShardAvailability {

  private static final Duration AWAY_PAUSE = Duration.ofMillis(50);
  private static final Logger LOG = System.getLogger(ShardAvailability.class.getName());

  private final RedisSettings server;
  private final RedisNode redis;
  private final InvalidationLog log;
  private final Ticker ticker;
  private volatile boolean away = true;
  private volatile boolean durable;

  ShardAvailability(RedisSettings server, RedisNode redis, InvalidationLog log, Ticker ticker) {
    this.server = server;
    this.redis = redis;
    this.log = log;
    this.ticker = ticker;
  }

  /// Follows the log.
  ///
  /// @param catchUp tells the server what it missed, and says whether that was all
  void step(BooleanSupplier catchUp) {
    try {
      log.awaitNews();
      log.read(this::answersFromMemory);
      if (!answersFromMemory() && catchUp.getAsBoolean()) {
        // What the server was told just now has to be applied here first.
        log.read(() -> true);
        begin();
      }
    } catch (RedisUnavailable e) {
      end(e);
      pause();
    }
  }

  boolean used() {
    return !away;
  }

  boolean durable() {
    return durable;
  }

  <T> T guarded(Supplier<T> call) {
    if (away) {
      throw new RedisUnavailable(null);
    }
    try {
      return call.get();
    } catch (RedisUnavailable e) {
      end(e);
      throw e;
    }
  }

  private boolean answersFromMemory() {
    return !away && log.fresh(ticker.nanos());
  }

  private void begin() {
    if (away) {
      durable = redis.durable();
      away = false;
      LOG.log(Level.INFO, "the shared cache on {0} is in use", server);
    }
  }

  private void end(RedisUnavailable failure) {
    if (!away) {
      away = true;
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      LOG.log(Level.WARNING, "the shared cache on {0} is away: {1}", server, cause.getMessage());
    }
  }

  private void pause() {
    try {
      ticker.pause(AWAY_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
