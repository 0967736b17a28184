package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.TagVersions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One read below the first level, for all who ask this replica for the same key while it lasts. It
/// is struck from the list when the key is mutated: who asks after that starts another one, and
/// what this one brings is not remembered.
final class InFlightLoad<V> {

  private final TieredRead<V> read;
  private final long tagChanges;
  private final CompletableFuture<CacheReadResult<V>> result = new CompletableFuture<>();

  /// @param read that has yet to begin
  InFlightLoad(TieredRead<V> read) {
    this.read = read;
    this.tagChanges = read.tagVersions().tagChanges();
  }

  TieredRead<V> read() {
    return read;
  }

  /// Whether nothing can have been invalidated since it began but its key.
  boolean mayBeJoined(TagVersions now) {
    return now == read.tagVersions() && now.tagChanges() == tagChanges;
  }

  void complete(CacheReadResult<V> answer) {
    result.complete(answer);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /// Waits for it: for the soft timeout when there is an older value to give, else for the hard
  /// one.
  CacheReadResult<V> await(DataPolicy policy) {
    return await(policy.softTimeout())
        .or(read::stale)
        .or(() -> await(policy.hardTimeout().minus(policy.softTimeout())))
        .orElseThrow(() -> new LoadTimeout(read.member(), policy.hardTimeout()));
  }

  /// Waits until it has ended, whatever came of it, or for so long.
  void awaitEnd(Duration longest) {
    try {
      await(longest);
    } catch (RuntimeException _) {
      // told to those who wait for what it brings
    }
  }

  private Optional<CacheReadResult<V>> await(Duration longest) {
    try {
      return Optional.of(result.get(longest.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
  }

  private static RuntimeException unwrapped(Throwable failure) {
    return switch (failure) {
      case RuntimeException unchecked -> unchecked;
      default -> new CompletionException(failure);
    };
  }
}
