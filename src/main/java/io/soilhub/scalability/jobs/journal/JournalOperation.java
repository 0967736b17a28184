package io.soilhub.scalability.jobs.journal;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// One caller's request to the journal, with the promise of its answer. Its parts are written in
/// one transaction or not at all.
sealed interface JournalOperation {

  CompletableFuture<?> answer();

  /// Rows touched, which is one bound of a group.
  int size();

  /// Characters of JSON carried, which is another.
  long bytes();

  /// How often it is tried while the database is away, before its caller is told. Each try takes
  /// seconds.
  int tries();

  /// Its caller is waiting and can be told at once.
  record Submit(List<NewJob> jobs, CompletableFuture<List<OpenJob>> answer)
      implements JournalOperation {
    @Override
    public int size() {
      return jobs.size();
    }

    @Override
    public long bytes() {
      return jobs.stream().mapToLong(job -> job.payload().length()).sum();
    }

    @Override
    public int tries() {
      return 1;
    }
  }

  /// Kept for about a minute: a claim whose commit was not answered may have been made, and is told
  /// from a crash only by its token.
  ///
  /// @param token names this claim among all that were ever made
  record Claim(
      List<UUID> ids, String worker, UUID token, CompletableFuture<List<ClaimedJob>> answer)
      implements JournalOperation {
    @Override
    public int size() {
      return ids.size();
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public int tries() {
      return 12;
    }
  }

  /// Kept until it is written: it is what a run has worked for.
  record Settle(List<Settlement> settlements, CompletableFuture<List<SettlementResult>> answer)
      implements JournalOperation {
    @Override
    public int size() {
      return settlements.size();
    }

    @Override
    public long bytes() {
      return settlements.stream().mapToLong(x -> x.result().length()).sum();
    }

    @Override
    public int tries() {
      return Integer.MAX_VALUE;
    }
  }
}
