package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.View;
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
final class Flight<V> {

  private final Fetch<V> fetch;
  private final View view;
  private final long tagChanges;
  private final CompletableFuture<Fetched<V>> result = new CompletableFuture<>();

  /// @param view what this replica knows as the flight begins
  Flight(Fetch<V> fetch, View view) {
    this.fetch = fetch;
    this.view = view;
    this.tagChanges = view.tagChanges();
  }

  /// Whether nothing can have been invalidated since it began but its key.
  boolean mayBeJoined(View now) {
    return now == view && now.tagChanges() == tagChanges;
  }

  /// Whether nothing was missed between its beginning and this stamp.
  boolean vouchesFor(View.Stamp stamp) {
    return stamp.of(view);
  }

  Fetch<V> fetch() {
    return fetch;
  }

  void complete(Fetched<V> fetched) {
    result.complete(fetched);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /// Waits for it: for the soft timeout when there is an older value to give, else for the hard
  /// one.
  Fetched<V> await(String member, DataPolicy policy) {
    Optional<Fetched<V>> fetched = await(policy.softTimeout());
    if (fetched.isEmpty()) {
      fetched = fetch.stale();
    }
    if (fetched.isEmpty()) {
      fetched = await(policy.hardTimeout().minus(policy.softTimeout()));
    }
    return fetched.orElseThrow(() -> new LoadFailed(member, policy.hardTimeout()));
  }

  /// Waits until it has ended, whatever came of it, or for so long.
  void awaitEnd(Duration longest) {
    try {
      await(longest);
    } catch (RuntimeException _) {
      // told to those who wait for what it brings
    }
  }

  private Optional<Fetched<V>> await(Duration longest) {
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
