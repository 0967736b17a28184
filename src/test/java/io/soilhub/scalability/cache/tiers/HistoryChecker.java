package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.tiers.History.Mutation;
import io.soilhub.scalability.cache.tiers.History.Operation;
import io.soilhub.scalability.cache.tiers.History.Outcome;
import io.soilhub.scalability.cache.tiers.History.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// Judges a [History] by the two promises of the cache.
///
/// - Strong: a read that starts after a CONFIRMED mutation returned gives its version or a newer
///   one.
/// - Bounded: a read that starts later than the bound after any mutation returned does so too.
///
/// And a read gives only what had begun to be written when it ended, so the first value of a key
/// belongs into the history too.
///
/// There is no tolerance for a busy machine, and none is needed: an interval begins before the call
/// and ends after its return, so a thread or process that stands still only makes intervals longer,
/// and a longer interval orders less. Every violation is therefore a real one. What a busy machine
/// takes away is proof, not truth; [Verdict] says how many reads the promises said anything about,
/// and a test must ask for enough of them.
final class HistoryChecker {

  enum Rule {
    STALE_AFTER_CONFIRMED,
    OLDER_THAN_THE_BOUND,
    NEVER_WRITTEN
  }

  /// @param mutation the one whose version the read should have given; for NEVER_WRITTEN the newest
  ///   one that had begun
  record Violation(Rule rule, Read read, Mutation mutation) {
    @Override
    public String toString() {
      return "%s: %s gave %d, %.1f ms after %d was %s"
          .formatted(
              rule,
              read.key(),
              read.version(),
              (read.start() - mutation.end()) / 1e6,
              mutation.version(),
              mutation.outcome());
    }
  }

  /// @param reads all of them
  /// @param judged those that started after a confirmed mutation of their key or later than the
  ///   bound after another, so that they could have been wrong
  /// @param worstStaleness the longest time after the return of a mutation, confirmed or not, at
  ///   which a read started that did not know of it
  record Verdict(int reads, int judged, List<Violation> violations, Duration worstStaleness) {

    boolean clean() {
      return violations.isEmpty();
    }

    @Override
    public String toString() {
      return "%d of %d reads judged, %d violations, worst staleness %.1f ms%s"
          .formatted(
              judged,
              reads,
              violations.size(),
              worstStaleness.toNanos() / 1e6,
              violations.stream().limit(5).map(v -> "\n  " + v).collect(Collectors.joining()));
    }
  }

  private final Duration bound;

  HistoryChecker(Duration bound) {
    this.bound = bound;
  }

  Verdict judge(Collection<? extends Operation> history) {
    Map<String, List<Operation>> byKey =
        history.stream().collect(Collectors.groupingBy(Operation::key));
    int reads = 0;
    int judged = 0;
    long worst = 0;
    List<Violation> violations = new ArrayList<>();
    for (List<Operation> operations : byKey.values()) {
      OneKey key = new OneKey(operations, bound.toNanos());
      for (Operation operation : operations) {
        if (operation instanceof Read read) {
          reads++;
          judged += key.judges(read) ? 1 : 0;
          worst = Math.max(worst, key.staleness(read));
          violations.addAll(key.violations(read));
        }
      }
    }
    return new Verdict(reads, judged, List.copyOf(violations), Duration.ofNanos(worst));
  }

  /// The mutations of a key. Writers may overlap, and a later one may return first: what a read
  /// must give is the newest version of those that had returned.
  private static final class OneKey {

    private final long boundNanos;
    private final Floor confirmed;
    private final Floor returned;
    private final Floor begun;
    private final List<Mutation> newestFirst;

    OneKey(List<Operation> operations, long boundNanos) {
      this.boundNanos = boundNanos;
      List<Mutation> mutations =
          operations.stream().filter(Mutation.class::isInstance).map(Mutation.class::cast).toList();
      this.confirmed = Floor.of(mutations, m -> m.outcome() == Outcome.CONFIRMED, Mutation::end);
      this.returned = Floor.of(mutations, m -> m.outcome() != Outcome.UNKNOWN, Mutation::end);
      this.begun = Floor.of(mutations, _ -> true, Mutation::start);
      this.newestFirst =
          mutations.stream()
              .filter(m -> m.outcome() != Outcome.UNKNOWN)
              .sorted(Comparator.comparingLong(Mutation::version).reversed())
              .toList();
    }

    boolean judges(Read read) {
      return confirmed.before(read.start()) != null
          || returned.before(read.start() - boundNanos) != null;
    }

    List<Violation> violations(Read read) {
      List<Violation> found = new ArrayList<>();
      older(Rule.STALE_AFTER_CONFIRMED, read, confirmed.before(read.start()), found);
      older(Rule.OLDER_THAN_THE_BOUND, read, returned.before(read.start() - boundNanos), found);
      Mutation newest = begun.before(read.end() + 1);
      if (read.version() > (newest == null ? 0 : newest.version())) {
        Mutation none = new Mutation(read.key(), 0, read.end(), read.end(), Outcome.UNKNOWN);
        found.add(new Violation(Rule.NEVER_WRITTEN, read, newest == null ? none : newest));
      }
      return found;
    }

    private static void older(Rule rule, Read read, Mutation floor, List<Violation> found) {
      if (floor != null && read.version() < floor.version()) {
        found.add(new Violation(rule, read, floor));
      }
    }

    /// For how long, at least, the version that the read gave was out of date.
    long staleness(Read read) {
      long longest = 0;
      for (Mutation mutation : newestFirst) {
        if (mutation.version() <= read.version()) {
          return longest;
        }
        longest = Math.max(longest, read.start() - mutation.end());
      }
      return longest;
    }
  }

  /// The newest mutation up to a moment.
  ///
  /// @param moments ascending
  /// @param newest that of all up to the moment at the same place
  private record Floor(long[] moments, Mutation[] newest) {

    static Floor of(
        List<Mutation> mutations, Predicate<Mutation> counts, ToLongFunction<Mutation> moment) {
      List<Mutation> ordered =
          mutations.stream().filter(counts).sorted(Comparator.comparingLong(moment)).toList();
      Mutation[] newest = ordered.toArray(Mutation[]::new);
      for (int i = 1; i < newest.length; i++) {
        newest[i] = newest[i].version() > newest[i - 1].version() ? newest[i] : newest[i - 1];
      }
      return new Floor(ordered.stream().mapToLong(moment).toArray(), newest);
    }

    /// The newest of those before `moment`, or null.
    Mutation before(long moment) {
      int place = Arrays.binarySearch(moments, moment);
      int first = place >= 0 ? place : -place - 1;
      while (first > 0 && moments[first - 1] == moment) {
        first--;
      }
      return first == 0 ? null : newest[first - 1];
    }
  }
}
