package io.soilhub.scalability.bench.cache;

import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Looks for keys that stay stale. Readers and writers on two replicas race on a few keys; writing
/// ends; when all has come to rest every key is read on both replicas and compared with the last
/// version written. A key found stale is read once more much later: what heals by itself is counted
/// apart from what stays.
final class RaceHarness {

  private static final int READERS = 4;

  /// @param key what was read
  /// @param replica where
  /// @param version what it should have been
  private record Suspect(Replica replica, String key, long version) {}

  private final List<Replica> replicas;
  private final List<Suspect> suspects = new ArrayList<>();
  private int rounds;

  /// @param replicas two
  RaceHarness(List<Replica> replicas) {
    this.replicas = replicas;
  }

  /// @param keys raced on; new ones in every round
  /// @return how many of them were stale on a replica at rest
  int round(int keys, long activeMillis, long restMillis) throws InterruptedException {
    int round = rounds++;
    long[] versions = new long[keys];
    for (int i = 0; i < keys; i++) {
      replicas.getFirst().write(key(round, i), Long.toString(++versions[i]));
    }
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int r = 0; r < replicas.size(); r++) {
      int first = r;
      Replica replica = replicas.get(r);
      threads.add(Thread.ofPlatform().start(() -> write(replica, round, versions, first, stop)));
      for (int i = 0; i < READERS; i++) {
        threads.add(Thread.ofPlatform().start(() -> read(replica, round, keys, stop)));
      }
    }
    Thread.sleep(activeMillis);
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    Thread.sleep(restMillis);
    return staleKeys(round, versions);
  }

  /// How many keys that were found stale still are.
  int recheck() {
    return (int)
        suspects.stream()
            .filter(s -> Long.parseLong(s.replica().read(s.key())) != s.version())
            .map(Suspect::key)
            .distinct()
            .count();
  }

  /// Each writer has every other key to itself, so that versions rise in the order of the writes.
  private void write(Replica replica, int round, long[] versions, int first, AtomicBoolean stop) {
    while (!stop.get()) {
      int i = first + 2 * ThreadLocalRandom.current().nextInt(versions.length / 2);
      replica.write(key(round, i), Long.toString(++versions[i]));
      LockSupport.parkNanos(100_000);
    }
  }

  private static void read(Replica replica, int round, int keys, AtomicBoolean stop) {
    while (!stop.get()) {
      replica.read(key(round, ThreadLocalRandom.current().nextInt(keys)));
    }
  }

  private int staleKeys(int round, long[] versions) {
    int stale = 0;
    for (int i = 0; i < versions.length; i++) {
      boolean fresh = true;
      for (Replica replica : replicas) {
        String read = replica.read(key(round, i));
        if (Long.parseLong(read) != versions[i]) {
          fresh = false;
          suspects.add(new Suspect(replica, key(round, i), versions[i]));
        }
      }
      stale += fresh ? 0 : 1;
    }
    return stale;
  }

  private static String key(int round, int number) {
    return "race:" + round + ":" + number;
  }
}
