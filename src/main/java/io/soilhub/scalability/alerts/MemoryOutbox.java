package io.soilhub.scalability.alerts;

import io.soilhub.scalability.alerts.NoticeDelivery.Attempt;
import io.soilhub.scalability.alerts.NoticeDelivery.Owed;
import io.soilhub.scalability.platform.Ticker;
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
final class MemoryOutbox implements NoticeDelivery.Outbox {

  private record Entry(Owed owed, int attempts, long nextTry, boolean claimed) {}

  private final Ticker ticker;
  private final Map<UUID, Entry> entries = new LinkedHashMap<>();

  MemoryOutbox(Ticker ticker) {
    this.ticker = ticker;
  }

  synchronized void add(List<Owed> notices) {
    notices.forEach(
        owed -> entries.putIfAbsent(owed.id(), new Entry(owed, 0, ticker.nanos(), false)));
  }

  /// Gives all that is left to somebody else, unless one of it is being sent right now.
  ///
  /// @param taker when it throws, everything stays
  synchronized void drainTo(Consumer<List<Owed>> taker) {
    if (!entries.isEmpty() && entries.values().stream().noneMatch(Entry::claimed)) {
      taker.accept(entries.values().stream().map(Entry::owed).toList());
      entries.clear();
    }
  }

  @Override
  public synchronized List<String> due(Set<String> channels, Duration patience) {
    Set<String> receivers = new LinkedHashSet<>();
    for (Entry entry : firsts()) {
      String receiver = entry.owed().receiver();
      if (isDue(entry) && channels.contains(receiver.split(":", 2)[0])) {
        receivers.add(receiver);
      }
    }
    return List.copyOf(receivers);
  }

  @Override
  public synchronized Optional<Attempt> claim(String receiver, Duration patience) {
    for (Entry entry : firsts()) {
      Owed owed = entry.owed();
      if (isDue(entry) && owed.receiver().equals(receiver)) {
        Entry claimed = new Entry(owed, entry.attempts() + 1, entry.nextTry(), true);
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
    entries.computeIfPresent(id, (_, e) -> new Entry(e.owed(), e.attempts(), next, false));
  }

  /// Of each receiver and rule the notice whose turn it is.
  private List<Entry> firsts() {
    Set<List<String>> seen = new LinkedHashSet<>();
    List<Entry> firsts = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (seen.add(List.of(entry.owed().receiver(), entry.owed().rule()))) {
        firsts.add(entry);
      }
    }
    return firsts;
  }

  private boolean isDue(Entry entry) {
    return !entry.claimed() && entry.nextTry() - ticker.nanos() <= 0;
  }
}
