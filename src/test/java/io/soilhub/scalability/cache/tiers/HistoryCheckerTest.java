package io.soilhub.scalability.cache.tiers;

import static io.soilhub.scalability.cache.tiers.History.Outcome.CONFIRMED;
import static io.soilhub.scalability.cache.tiers.History.Outcome.PENDING;
import static io.soilhub.scalability.cache.tiers.History.Outcome.UNKNOWN;
import static io.soilhub.scalability.cache.tiers.HistoryChecker.Rule.NEVER_WRITTEN;
import static io.soilhub.scalability.cache.tiers.HistoryChecker.Rule.OLDER_THAN_THE_BOUND;
import static io.soilhub.scalability.cache.tiers.HistoryChecker.Rule.STALE_AFTER_CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.soilhub.scalability.cache.tiers.History.Mutation;
import io.soilhub.scalability.cache.tiers.History.Operation;
import io.soilhub.scalability.cache.tiers.History.Outcome;
import io.soilhub.scalability.cache.tiers.History.Read;
import io.soilhub.scalability.cache.tiers.HistoryChecker.Rule;
import io.soilhub.scalability.cache.tiers.HistoryChecker.Verdict;
import io.soilhub.scalability.cache.tiers.HistoryChecker.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

  private static final int BOUND = 100;
  private static final HistoryChecker CHECKER = new HistoryChecker(Duration.ofNanos(BOUND));

  @Test
  void aReadAfterAConfirmedMutationMustKnowIt() {
    Mutation mutation = mutation(2, 10, 20, CONFIRMED);
    assertThat(rules(mutation(1, 0, 1, CONFIRMED), mutation, read(1, 21, 22)))
        .containsExactly(STALE_AFTER_CONFIRMED);
    assertThat(rules(mutation, read(2, 21, 22))).isEmpty();
  }

  @Test
  void aReadThatStartedBeforeTheReturnMayGiveEither() {
    Mutation first = mutation(1, 0, 1, CONFIRMED);
    Mutation second = mutation(2, 10, 20, CONFIRMED);
    assertThat(rules(first, second, read(1, 20, 90), read(2, 9, 12))).isEmpty();
  }

  @Test
  void aMutationThatIsPendingIsKnownWithinTheBound() {
    Mutation first = mutation(1, 0, 1, CONFIRMED);
    Mutation second = mutation(2, 10, 20, PENDING);
    assertThat(rules(first, second, read(1, 20 + BOUND, 500))).isEmpty();
    assertThat(rules(first, second, read(1, 21 + BOUND, 500)))
        .containsExactly(OLDER_THAN_THE_BOUND);
  }

  @Test
  void nothingFollowsFromAMutationOfUnknownOutcome() {
    assertThat(
            rules(
                mutation(1, 0, 1, CONFIRMED),
                mutation(2, 10, 20, UNKNOWN),
                read(1, 999, 1000),
                read(2, 999, 1000)))
        .isEmpty();
  }

  @Test
  void aVersionIsNotReadBeforeItIsWritten() {
    assertThat(rules(mutation(1, 0, 1, CONFIRMED), mutation(2, 10, 20, UNKNOWN), read(2, 8, 9)))
        .containsExactly(NEVER_WRITTEN);
    assertThat(rules(read(1, 8, 9))).containsExactly(NEVER_WRITTEN);
  }

  @Test
  void ofWritersThatOverlapTheNewestCounts() {
    Mutation slow = mutation(1, 0, 50, CONFIRMED);
    Mutation fast = mutation(2, 10, 20, CONFIRMED);
    assertThat(rules(slow, fast, read(1, 51, 52))).containsExactly(STALE_AFTER_CONFIRMED);
    assertThat(rules(slow, fast, read(2, 51, 52))).isEmpty();
  }

  @Test
  void keysAreJudgedApart() {
    Read other = new Read("other", 0, 30, 31);
    assertThat(rules(mutation(2, 10, 20, CONFIRMED), other)).isEmpty();
  }

  @Test
  void readsOfWhichNothingIsKnownAreNotCountedAsJudged() {
    Verdict verdict =
        CHECKER.judge(
            List.of(mutation(1, 0, 1, CONFIRMED), read(0, 0, 5), read(1, 0, 5), read(1, 700, 705)));
    assertThat(verdict.reads()).isEqualTo(3);
    assertThat(verdict.judged()).isEqualTo(1);
  }

  @Test
  void theWorstStalenessIsTheLongestThatIsCertain() {
    Verdict verdict =
        CHECKER.judge(
            List.of(
                mutation(1, 0, 1, CONFIRMED),
                mutation(2, 5, 10, PENDING),
                mutation(3, 30, 40, PENDING),
                read(1, 60, 70),
                read(2, 90, 95)));
    assertThat(verdict.worstStaleness()).isEqualTo(Duration.ofNanos(50));
    assertThat(verdict.clean()).isTrue();
  }

  /// The race of every cache without a fence, step by step: the load reads its source, the writer
  /// writes and invalidates, the load fills.
  @Test
  void aCacheThatFillsAfterAnInvalidationIsFoundOut() {
    assertThat(fillAfterInvalidation(false).violations())
        .isNotEmpty()
        .allMatch(v -> v.rule() == STALE_AFTER_CONFIRMED || v.rule() == OLDER_THAN_THE_BOUND)
        .anyMatch(v -> v.rule() == STALE_AFTER_CONFIRMED);
    Verdict fenced = fillAfterInvalidation(true);
    assertThat(fenced.violations()).isEmpty();
    assertThat(fenced.judged()).isPositive();
  }

  private static Verdict fillAfterInvalidation(boolean fence) {
    AtomicLong source = new AtomicLong();
    Map<String, Long> cache = new ConcurrentHashMap<>();
    AtomicBoolean invalidated = new AtomicBoolean();
    History history = new History();
    Runnable write =
        () ->
            history.mutate(
                "k",
                source.get() + 1,
                () -> {
                  source.incrementAndGet();
                  cache.remove("k");
                  invalidated.set(true);
                  return CONFIRMED;
                });
    write.run();
    history.read(
        "k",
        () -> {
          invalidated.set(false);
          long loaded = source.get();
          write.run();
          if (!fence || !invalidated.get()) {
            cache.put("k", loaded);
          }
          return loaded;
        });
    history.read("k", () -> cache.computeIfAbsent("k", _ -> source.get()));
    return CHECKER.judge(history.operations());
  }

  @Test
  void aMutationThatThrowsIsRecordedAsUnknown() {
    History history = new History();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                history.mutate(
                    "k",
                    1,
                    () -> {
                      throw new IllegalStateException("away");
                    }));
    assertThat(history.operations())
        .singleElement()
        .isInstanceOfSatisfying(
            Mutation.class,
            m -> {
              assertThat(m.outcome()).isEqualTo(UNKNOWN);
              assertThat(m.start()).isLessThanOrEqualTo(m.end());
            });
  }

  @Property
  void itFindsWhatTheDefinitionSays(
      @ForAll("operations") @Size(max = 40) List<Operation> operations) {
    assertThat(count(CHECKER.judge(operations).violations())).isEqualTo(byDefinition(operations));
  }

  private static Map<Rule, Long> count(List<Violation> violations) {
    Map<Rule, Long> counts = new EnumMap<>(Rule.class);
    violations.forEach(v -> counts.merge(v.rule(), 1L, Long::sum));
    return counts;
  }

  /// Every read against every mutation.
  private static Map<Rule, Long> byDefinition(List<Operation> operations) {
    Map<Rule, Long> counts = new EnumMap<>(Rule.class);
    for (Operation one : operations) {
      if (one instanceof Read read) {
        List<Mutation> same = new ArrayList<>();
        for (Operation other : operations) {
          if (other instanceof Mutation m && m.key().equals(read.key())) {
            same.add(m);
          }
        }
        boolean stale =
            same.stream()
                .filter(m -> m.outcome() == CONFIRMED && m.end() < read.start())
                .anyMatch(m -> m.version() > read.version());
        boolean old =
            same.stream()
                .filter(m -> m.outcome() != UNKNOWN && m.end() < read.start() - BOUND)
                .anyMatch(m -> m.version() > read.version());
        boolean known =
            read.version() == 0
                || same.stream()
                    .filter(m -> m.start() <= read.end())
                    .anyMatch(m -> m.version() >= read.version());
        add(counts, STALE_AFTER_CONFIRMED, stale);
        add(counts, OLDER_THAN_THE_BOUND, old);
        add(counts, NEVER_WRITTEN, !known);
      }
    }
    return counts;
  }

  private static void add(Map<Rule, Long> counts, Rule rule, boolean holds) {
    if (holds) {
      counts.merge(rule, 1L, Long::sum);
    }
  }

  @Provide
  Arbitrary<List<Operation>> operations() {
    Arbitrary<String> keys = Arbitraries.of("a", "b");
    Arbitrary<Long> versions = Arbitraries.longs().between(0, 6);
    Arbitrary<Long> starts = Arbitraries.longs().between(0, 400);
    Arbitrary<Long> lengths = Arbitraries.longs().between(0, 60);
    Arbitrary<Operation> reads =
        Combinators.combine(keys, versions, starts, lengths)
            .as((key, version, start, length) -> new Read(key, version, start, start + length));
    Arbitrary<Operation> mutations =
        Combinators.combine(keys, versions, starts, lengths, Arbitraries.of(Outcome.class))
            .as(
                (key, version, start, length, outcome) ->
                    new Mutation(key, version, start, start + length, outcome));
    return Arbitraries.oneOf(reads, mutations).list();
  }

  private static List<Rule> rules(Operation... operations) {
    return CHECKER.judge(List.of(operations)).violations().stream().map(Violation::rule).toList();
  }

  private static Read read(long version, long start, long end) {
    return new Read("k", version, start, end);
  }

  private static Mutation mutation(long version, long start, long end, Outcome outcome) {
    return new Mutation("k", version, start, end, outcome);
  }
}
