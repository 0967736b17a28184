package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.varieties.recommendation.Tables;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.Variety;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PostgresTrialsIT extends TrialStoreContract {

  private static Database database;
  private static PostgresTrials store;

  @BeforeAll
  static void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    store = new PostgresTrials(database, PostgresTrials.Listener.NONE);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Override
  TrialStore store() {
    return store;
  }

  @Test
  void replicasThatStartTogetherImportAFolderOnce() throws Exception {
    Database fresh = TestPostgres.open(TestPostgres.shared().newDatabase());
    fresh.migrate();
    PostgresTrials shared = new PostgresTrials(fresh, PostgresTrials.Listener.NONE);
    int replicas = 6;
    CountDownLatch together = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(replicas)) {
      List<Future<?>> imports = new ArrayList<>();
      for (int i = 0; i < replicas; i++) {
        FolderImport one =
            new FolderImport(
                List.of(DataSetFolder.onClassPath("demonstration")), shared, System::nanoTime);
        imports.add(
            threads.submit(
                () -> {
                  together.await();
                  one.step();
                  return null;
                }));
      }
      together.countDown();
      for (Future<?> one : imports) {
        one.get(60, TimeUnit.SECONDS);
      }
    }

    assertThat(shared.version()).isEqualTo(1);
    assertThat(shared.versions().sets()).isEqualTo(Map.of("demonstration_corn", 1L));
    fresh.close();
  }

  @Test
  void whatTheDatabaseRefusesIsTriedAgainAndSaid() {
    AtomicLong nanos = new AtomicLong();
    try (Database empty = TestPostgres.open(TestPostgres.shared().newDatabase())) {
      FolderImport folders =
          new FolderImport(
              List.of(DataSetFolder.onClassPath("demonstration")),
              new PostgresTrials(empty, PostgresTrials.Listener.NONE),
              nanos::get);
      folders.step();
      assertThat(folders.done()).isFalse();
      assertThat(folders.obstacles())
          .containsExactly("demonstration_corn: The database refuses them (SQLSTATE 42P01).");

      empty.migrate();
      folders.step();
      assertThat(folders.done()).as("before the pause is over").isFalse();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      folders.step();
      assertThat(folders.done()).isTrue();
      assertThat(folders.obstacles()).isEmpty();
    }
  }

  @Test
  void aReaderNeverSeesHalfAReplacement() throws Exception {
    DataSet small = large("replaced", 20);
    DataSet large = large("replaced", 400);
    store.save(small, "0");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger reads = new AtomicInteger();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!Thread.currentThread().isInterrupted()) {
                      int rows = store.load("replaced").orElseThrow().table().rows();
                      assertThat(rows).isIn(small.table().rows(), large.table().rows());
                      reads.incrementAndGet();
                    }
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    for (int i = 1; i <= 30; i++) {
      store.save(i % 2 == 0 ? small : large, Integer.toString(i));
    }
    while (reads.get() < 5 && failure.get() == null) {
      Thread.onSpinWait();
    }
    reader.interrupt();
    reader.join();

    Throwable thrown = failure.get();
    assertThat(thrown == null || thrown instanceof Problem).as("%s", thrown).isTrue();
  }

  @Test
  void anUploadBecomesADataSetThatAnotherReplicaSees() {
    VarietyCatalog here = new VarietyCatalog(store, store::version);
    VarietyCatalog elsewhere = new VarietyCatalog(store, store::version);
    elsewhere.current();
    PostgresUploads uploads = new PostgresUploads(database);
    List<String> submitted = new ArrayList<>();
    TrialImport trialImport =
        new TrialImport(
            uploads,
            (upload, job) -> {
              submitted.add(job.jobType() + " " + job.payload());
              return upload;
            },
            new Uuid7(Clock.systemUTC(), new Random(1))::next);
    DataSet trials = Tables.threeVarieties().dataSet("unused", "corn");
    StringBuilder csv = new StringBuilder("variety,location,year,yield_bu_ac\n");
    for (int v = 0; v < 3; v++) {
      for (int row = trials.table().start(v); row < trials.table().end(v); row++) {
        csv.append(trials.table().varieties().get(v).name()).append(",home,");
        csv.append(trials.table().environment(row).year()).append(',');
        csv.append(trials.table().yield(row)).append('\n');
      }
    }
    csv.append("broken,home,2021,?\n");
    Map<String, String> about =
        Map.of(
            "dataset_id", "uploaded",
            "crop_id", "Maize",
            "name", "Mine",
            "source", "my farm",
            "licence", "mine",
            "keep_good_lines", "true");

    TrialImport.Receipt receipt =
        trialImport.receive(
            about,
            csv.toString().getBytes(StandardCharsets.UTF_8),
            "location,lat,lon\nhome,42,-90\n".getBytes(StandardCharsets.UTF_8));
    RecordedRun run =
        new RecordedRun("{'upload_id':'%s'}".formatted(receipt.jobId()), Optional.of(database));
    TrialImportHandler handler =
        new TrialImportHandler(uploads, store, () -> {}, here, Clock.systemUTC());
    JsonNode result = handler.run(run);
    JsonNode again = handler.run(run);

    assertThat(submitted).hasSize(1).first().asString().startsWith("trial_import");
    assertThat(receipt.accepted()).isEqualTo(15);
    assertThat(receipt.rejected()).hasSize(1);
    assertThat(result.get("accepted").asInt()).isEqualTo(15);
    assertThat(result.at("/rejected/0/line").asInt()).isEqualTo(17);
    assertThat(again).isEqualTo(result);
    assertThat(elsewhere.current().find("corn", Tables.HOME, Optional.of("uploaded")))
        .hasValueSatisfying(
            set -> {
              assertThat(set.data().synthetic()).isFalse();
              assertThat(set.data().sha256()).isEqualTo(result.get("sha256").asText());
              assertThat(set.nearestKm(Tables.HOME)).isZero();
            });
  }

  @Test
  void anUploadThatIsGoneFailsForGood() {
    TrialImportHandler handler =
        new TrialImportHandler(
            new PostgresUploads(database),
            store,
            () -> {},
            new VarietyCatalog(store, store::version),
            Clock.systemUTC());
    RecordedRun run =
        new RecordedRun(
            "{'upload_id':'00000000-0000-7000-8000-000000000000'}", Optional.of(database));

    JobFailed failure = catchThrowableOfType(JobFailed.class, () -> handler.run(run));

    assertThat(failure.type()).isEqualTo("UPLOAD_NOT_FOUND");
    assertThat(failure.retryable()).isFalse();
  }

  private static DataSet large(String id, int varieties) {
    List<Variety> names = new ArrayList<>();
    List<Observation> rows = new ArrayList<>();
    for (int v = 0; v < varieties; v++) {
      names.add(new Variety("v" + varieties + "_" + v, ""));
      for (int year = 2000; year < 2015; year++) {
        rows.add(new Observation(names.getLast().id(), "x", year, v + year));
      }
    }
    DataSet any = Tables.threeVarieties().dataSet(id, "corn");
    return new DataSet(
        id,
        any.cropId(),
        any.name(),
        any.source(),
        any.licence(),
        false,
        any.unit(),
        any.constants(),
        any.constantsFitted(),
        any.sha256(),
        TrialTable.of(names, List.of(), rows));
  }
}
