package io.soilhub.scalability.journal;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// One caller's request to the journal, with the promise of its answer. Its parts are written in
/// one transaction or not at all.
sealed interface Operation {

  CompletableFuture<?> answer();

  /// Rows touched, which is what bounds a group.
  int size();

  /// Whether it is kept and tried again while the database is away. A submission is not: its caller
  /// is waiting and can be told.
  boolean patient();

  record Submit(List<NewJob> jobs, CompletableFuture<List<Queued>> answer) implements Operation {
    @Override
    public int size() {
      return jobs.size();
    }

    @Override
    public boolean patient() {
      return false;
    }
  }

  record Claim(List<UUID> ids, String worker, CompletableFuture<List<ClaimedJob>> answer)
      implements Operation {
    @Override
    public int size() {
      return ids.size();
    }

    @Override
    public boolean patient() {
      return false;
    }
  }

  record Settle(List<Settlement> settlements, CompletableFuture<List<Settled>> answer)
      implements Operation {
    @Override
    public int size() {
      return settlements.size();
    }

    @Override
    public boolean patient() {
      return true;
    }
  }
}
