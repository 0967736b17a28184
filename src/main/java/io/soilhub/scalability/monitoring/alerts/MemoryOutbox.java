package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Attempt;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.platform.core.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/// Holds the notices of one replica while PostgreSQL, which holds them otherwise, is away. They are
/// few: what cannot be evaluated makes none.
final class MemoryOutbox implements NotificationDelivery.Outbox {

  private record PendingNotification(Owed owed, int attempts, long nextTry, boolean claimed) {}

  private final Ticker ticker;
  private final Map<UUID, PendingNotification> entries = new LinkedHashMap<>();

  MemoryOutbox(Ticker ticker) {
    this.ticker = ticker;
  }

  synchronized void add(List<Owed> notices) {
    notices.forEach(
        owed ->
            entries.putIfAbsent(
                owed.id(), new PendingNotification(owed, 0, ticker.nanos(), false)));
  }

  /// Gives all that is left to somebody else, unless one of it is being sent right now.
  ///
  /// @param taker when it throws, everything stays
  synchronized void drainTo(Consumer<List<Owed>> taker) {
    if (!entries.isEmpty() && entries.values().stream().noneMatch(PendingNotification::claimed)) {
      taker.accept(entries.values().stream().map(PendingNotification::owed).toList());
      entries.clear();
    }
  }

  @Override
  public synchronized List<String> due(Set<String> channels, Duration patience) {
    Set<String> receivers = new LinkedHashSet<>();
    for (PendingNotification entry : firsts()) {
      String receiver = entry.owed().receiver();
      if (isDue(entry) && channels.contains(receiver.split(":", 2)[0])) {
        receivers.add(receiver);
      }
    }
    return List.copyOf(receivers);
  }

  @Override
  public synchronized Optional<Attempt> claim(String receiver, Duration patience) {
    for (PendingNotification entry : firsts()) {
      Owed owed = entry.owed();
      if (isDue(entry) && owed.receiver().equals(receiver)) {
        PendingNotification claimed =
            new PendingNotification(owed, entry.attempts() + 1, entry.nextTry(), true);
        entries.put(owed.id(), claimed);
        return Optional.of(new Attempt(owed.id(), receiver, owed.message(), claimed.attempts()));
      }
    }
    return Optional.empty();
  }

  @Override
  public synchronized void done(UUID id) {
    entries.remove(id);
  }

  @Override
  public synchronized void retry(UUID id, Duration pause) {
    long next = ticker.nanos() + pause.toNanos();
    entries.computeIfPresent(
        id, (_, e) -> new PendingNotification(e.owed(), e.attempts(), next, false));
  }

  /// Of each receiver and rule the notice whose turn it is.
  private List<PendingNotification> firsts() {
    Set<List<String>> seen = new LinkedHashSet<>();
    List<PendingNotification> firsts = new ArrayList<>();
    for (PendingNotification entry : entries.values()) {
      if (seen.add(List.of(entry.owed().receiver(), entry.owed().rule()))) {
        firsts.add(entry);
      }
    }
    return firsts;
  }

  private boolean isDue(PendingNotification entry) {
    return !entry.claimed() && entry.nextTry() - ticker.nanos() <= 0;
  }
}
