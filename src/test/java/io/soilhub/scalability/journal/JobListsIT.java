package io.soilhub.scalability.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Uuid7;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.tracing.TraceContext;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Lists of jobs cost the engine nothing, however long the table and however many their callers.
class JobListsIT {

  private static final JobFilter ALL = new JobFilter("", "", "", "");
  private static final JobFilter.Page FIRST = JobFilter.Page.after(Optional.empty(), 50);

  @Test
  void readersThatAreStuckKeepNoSubmissionFromCommittingAndAreToldWhenTheirTimeIsUp() {
    String url = TestPostgres.shared().newDatabase();
    Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());
    try (Database database = TestPostgres.open(url);
        Database elsewhere = TestPostgres.open(url);
        ExecutorService callers = Executors.newFixedThreadPool(24)) {
      database.migrate();
      JobArchive archive = new JobArchive(database);
      archive.list(ALL, FIRST);
      List<CompletableFuture<?>> stuck = new ArrayList<>();
      elsewhere.inTransaction(
          connection -> {
            try (Statement lock = connection.createStatement()) {
              // a list reads the events, a submission does not
              lock.execute("LOCK TABLE job_event");
            }
            for (int i = 0; i < 24; i++) {
              stuck.add(CompletableFuture.supplyAsync(() -> archive.list(ALL, FIRST), callers));
            }
            Await.until(
                "all wait",
                Duration.ofSeconds(10),
                () -> {
                  Database.PoolState readers = database.poolState(Database.Pool.READER);
                  return readers.active() + readers.waiting() == 24;
                });
            try (Journal journal =
                new Journal(database, 3, Set.of("test"), Thread.ofPlatform().daemon().factory())) {
              List<NewJob> job = List.of(job(ids));
              assertThat(journal.submit(job).orTimeout(2, TimeUnit.SECONDS).join()).hasSize(1);
              database.ping();
            }
            assertThat(stuck).noneMatch(CompletableFuture::isDone);
            CompletableFuture.anyOf(stuck.toArray(CompletableFuture[]::new))
                .handle((_, e) -> e)
                .join();
            return null;
          });
      List<Throwable> told =
          stuck.stream().map(JobListsIT::failure).flatMap(Optional::stream).toList();
      assertThat(told)
          .isNotEmpty()
          .allSatisfy(
              failure ->
                  assertThat(failure)
                      .isInstanceOfSatisfying(
                          Problem.class,
                          p -> assertThat(p.kind()).isEqualTo(Problem.Kind.UNAVAILABLE)))
          .anySatisfy(
              failure ->
                  assertThat(failure)
                      .hasMessageContaining("filter")
                      .isInstanceOfSatisfying(
                          Problem.class, p -> assertThat(p.type()).isEqualTo("query-timeout")));
    }
  }

  private static Optional<Throwable> failure(CompletableFuture<?> list) {
    try {
      list.join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(e.getCause());
    }
  }

  private static NewJob job(Uuid7 ids) {
    return new NewJob(
        ids.next(),
        "test",
        "recommendations",
        1,
        "{}",
        List.of(),
        4,
        Duration.ofSeconds(60),
        NewJob.AT_ONCE,
        Duration.ZERO,
        TraceContext.NONE);
  }
}
