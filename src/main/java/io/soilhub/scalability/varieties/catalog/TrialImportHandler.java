package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Sha256;
import io.soilhub.scalability.platform.http.JsonObjectReader;
import io.soilhub.scalability.varieties.model.Reml;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.Rejection;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
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
  private final VarietyCatalog varietyCatalog;
  private final Clock clock;

  /// @param announce waits until no replica answers from the trials before
  TrialImportHandler(
      PostgresUploads uploads,
      PostgresTrials trials,
      Runnable announce,
      VarietyCatalog varietyCatalog,
      Clock clock) {
    this.uploads = uploads;
    this.trials = trials;
    this.announce = announce;
    this.varietyCatalog = varietyCatalog;
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
    JsonObjectReader members = JsonObjectReader.of(payload);
    members.require("upload_id");
    Optional<UUID> id = members.text("upload_id").flatMap(text -> parsed(members, text));
    members.refuseOthers();
    members.raise();
    return id.orElseThrow();
  }

  private static Optional<UUID> parsed(JsonObjectReader members, String text) {
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
      VarianceComponents constants,
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
    VarianceComponents varianceComponents = fit(reading.table());
    run.progress(90);
    DataSet data = dataSet(upload, reading, varianceComponents);
    run.once(
        "store",
        connection -> {
          trials.save(connection, data, upload.contentHash());
          return null;
        });
    announce.run();
    varietyCatalog.refresh();
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
            varianceComponents,
            data.sha256()));
  }

  private static Upload.Reading read(Upload upload) {
    try {
      return upload.read();
    } catch (Problem e) {
      throw JobFailed.permanently("TABLE_REJECTED", e.getMessage());
    }
  }

  private static VarianceComponents fit(TrialTable table) {
    try {
      return Reml.fit(table);
    } catch (IllegalArgumentException e) {
      throw JobFailed.permanently("TOO_FEW_TRIALS", e.getMessage());
    }
  }

  private DataSet dataSet(
      Upload upload, Upload.Reading reading, VarianceComponents varianceComponents) {
    return new DataSet(
        upload.about().datasetId(),
        upload.about().cropId(),
        upload.about().name(),
        upload.about().source(),
        upload.about().licence(),
        false,
        reading.trials().unit(),
        varianceComponents,
        LocalDate.ofInstant(clock.instant(), clock.getZone())
            + ", restricted maximum likelihood, at import",
        Sha256.fingerprint(upload.trials()),
        reading.table());
  }
}
