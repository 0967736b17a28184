package io.soilhub.scalability.varieties;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.JobFailed;
import io.soilhub.scalability.jobs.JobHandler;
import io.soilhub.scalability.jobs.JobQueue;
import io.soilhub.scalability.jobs.JobRun;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.prediction.Reml;
import io.soilhub.scalability.recommendation.Members;
import io.soilhub.scalability.trials.Constants;
import io.soilhub.scalability.trials.DataSet;
import io.soilhub.scalability.trials.Rejection;
import io.soilhub.scalability.trials.Sha256;
import io.soilhub.scalability.trials.TrialTable;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Makes a data set of an uploaded table: fits its constants, stores it, and loads it here. When
/// the job is over, every replica answers from it.
final class TrialImportHandler implements JobHandler {

  static final String JOB_TYPE = "trial_import";

  private static final int LINES_SHOWN = 1_000;

  private final PostgresUploads uploads;
  private final PostgresTrials trials;
  private final Runnable announce;
  private final Varieties varieties;
  private final Clock clock;

  /// @param announce waits until no replica answers from the trials before
  TrialImportHandler(
      PostgresUploads uploads,
      PostgresTrials trials,
      Runnable announce,
      Varieties varieties,
      Clock clock) {
    this.uploads = uploads;
    this.trials = trials;
    this.announce = announce;
    this.varieties = varieties;
    this.clock = clock;
  }

  @Override
  public String jobType() {
    return JOB_TYPE;
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.DATA_PROCESSING;
  }

  @Override
  public void validate(ObjectNode payload) {
    uploadId(payload);
  }

  private static UUID uploadId(ObjectNode payload) {
    Members members = Members.of(payload);
    members.require("upload_id");
    Optional<UUID> id = members.text("upload_id").flatMap(text -> parsed(members, text));
    members.refuseOthers();
    members.check();
    return id.orElseThrow();
  }

  private static Optional<UUID> parsed(Members members, String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException _) {
      members.refuse("upload_id", "upload_id must be the id of an upload");
      return Optional.empty();
    }
  }

  /// @param rejected bad lines that were left out, the first thousand of them
  record Imported(
      String datasetId,
      String cropId,
      int accepted,
      int rejectedTotal,
      List<Rejection> rejected,
      int varieties,
      int siteYears,
      Constants constants,
      String sha256) {}

  @Override
  public JsonNode run(JobRun run) {
    Upload upload =
        uploads
            .find(uploadId(run.payload()))
            .orElseThrow(
                () -> JobFailed.permanently("UPLOAD_NOT_FOUND", "The uploaded table is gone."));
    Upload.Reading reading = read(upload);
    run.progress(10);
    Constants constants = fit(reading.table());
    run.progress(90);
    DataSet data = dataSet(upload, reading, constants);
    run.once(
        "store",
        connection -> {
          trials.save(connection, data, upload.contentHash());
          return null;
        });
    announce.run();
    varieties.refresh();
    List<Rejection> rejections = reading.trials().rejections();
    return Json.tree(
        new Imported(
            data.id(),
            data.cropId(),
            reading.trials().observations().size(),
            rejections.size(),
            rejections.subList(0, Math.min(LINES_SHOWN, rejections.size())),
            data.table().varieties().size(),
            data.table().environments().size(),
            constants,
            data.sha256()));
  }

  private static Upload.Reading read(Upload upload) {
    try {
      return upload.read();
    } catch (Problem e) {
      throw JobFailed.permanently("TABLE_REJECTED", e.getMessage());
    }
  }

  private static Constants fit(TrialTable table) {
    try {
      return Reml.fit(table);
    } catch (IllegalArgumentException e) {
      throw JobFailed.permanently("TOO_FEW_TRIALS", e.getMessage());
    }
  }

  private DataSet dataSet(Upload upload, Upload.Reading reading, Constants constants) {
    return new DataSet(
        upload.about().datasetId(),
        upload.about().cropId(),
        upload.about().name(),
        upload.about().source(),
        upload.about().licence(),
        false,
        reading.trials().unit(),
        constants,
        LocalDate.ofInstant(clock.instant(), clock.getZone())
            + ", restricted maximum likelihood, at import",
        Sha256.of(upload.trials()),
        reading.table());
  }
}
