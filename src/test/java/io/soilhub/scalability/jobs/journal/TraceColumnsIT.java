package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The trace of a job in the journal.
class TraceColumnsIT {

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new SplittableRandom());

  @Test
  void everyClaimOfAJobBringsTheTraceThatItWasSubmittedIn() {
    TraceContext whole = TraceContext.of(PARENT, "vendor=value,other=\"2\\\"");
    TraceContext bare = TraceContext.of(PARENT.replace("-00", "-01"), null);
    List<NewJob> jobs = List.of(job(whole), job(bare), job(TraceContext.NONE));
    List<UUID> all = jobs.stream().map(NewJob::jobId).toList();
    try (Database database = TestPostgres.open(TestPostgres.shared().newDatabase())) {
      database.migrate();
      try (Journal journal = new Journal(database, 3, Set.of("test"), THREADS)) {
        journal.submit(jobs).join();
        List<ClaimedJob> first = journal.claim(all, "one").join();
        assertThat(first)
            .extracting(ClaimedJob::trace)
            .containsExactly(whole, bare, TraceContext.NONE);
        journal
            .settle(
                first.stream()
                    .map(job -> Settlement.retrying(job, "X", "again", Duration.ZERO))
                    .toList())
            .join();
        Map<UUID, TraceContext> second =
            journal.claim(all, "two").join().stream()
                .collect(Collectors.toMap(ClaimedJob::jobId, ClaimedJob::trace));
        assertThat(second)
            .isEqualTo(jobs.stream().collect(Collectors.toMap(NewJob::jobId, NewJob::trace)));
      }
    }
  }

  private NewJob job(TraceContext trace) {
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
        trace);
  }
}
