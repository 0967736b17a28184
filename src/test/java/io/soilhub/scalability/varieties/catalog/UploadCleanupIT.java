package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uploaded tables go when nobody needs them, and not before.
class UploadCleanupIT {

  private static final Duration DAY = Duration.ofDays(1);

  private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new Random(1));
  private final Map<UUID, UploadCleanup.ImportJob> jobs = new HashMap<>();
  private Database database;
  private PostgresUploads uploads;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    uploads = new PostgresUploads(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aTableWhoseImportWaitsStaysAndGoesAWeekAfterItsEnd() {
    UUID waiting = upload();
    UUID abandoned = upload();
    jobs.put(waiting, new UploadCleanup.ImportJob(Optional.empty()));
    Instant begin = Instant.now();

    stepAt(begin.plus(DAY.multipliedBy(6)));
    assertThat(uploads.find(abandoned)).as("before its time is over").isPresent();

    stepAt(begin.plus(DAY.multipliedBy(30)));
    assertThat(uploads.find(abandoned)).isEmpty();
    assertThat(uploads.find(waiting)).isPresent();

    Instant end = begin.plus(DAY.multipliedBy(31));
    jobs.put(waiting, new UploadCleanup.ImportJob(Optional.of(end)));
    stepAt(end.plus(DAY.multipliedBy(6)));
    assertThat(uploads.find(waiting)).as("it can be run again").isPresent();
    stepAt(end.plus(DAY.multipliedBy(8)));
    assertThat(uploads.find(waiting)).isEmpty();
  }

  @Test
  void anUploadDeletesNoOther() {
    UUID first = upload();
    database.inStatement(
        connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate(
                "UPDATE trial_upload SET created_at = now() - interval '8 days'");
          }
        });
    upload();
    assertThat(uploads.find(first)).isPresent();
  }

  private void stepAt(Instant now) {
    Clock clock = new HandSetClock(() -> now);
    new UploadCleanup(uploads, id -> Optional.ofNullable(jobs.get(id)), clock).step();
  }

  private UUID upload() {
    Upload upload =
        new Upload(
            ids.next(),
            new Upload.About("", "corn", "mine", "my farm", "mine", false),
            new byte[0],
            new byte[0]);
    uploads.keep(upload);
    return upload.id();
  }
}
