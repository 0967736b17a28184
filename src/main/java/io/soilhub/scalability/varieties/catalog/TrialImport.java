package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.jobs.engine.JobRequest;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.varieties.trials.Rejection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Takes an uploaded table in: looks at every line at once, keeps the file, and submits the job
/// that makes a data set of it.
final class TrialImport {

  private static final Set<String> FIELDS =
      Set.of("dataset_id", "crop_id", "name", "source", "licence", "keep_good_lines");
  private static final int LINES_SHOWN = 1_000;

  private final PostgresUploads uploads;
  private final ImportSubmission jobs;
  private final Supplier<UUID> ids;

  /// Submits the job that imports an upload, once for each, so that whoever knows the upload finds
  /// the job.
  @FunctionalInterface
  interface ImportSubmission {
    UUID submit(UUID uploadId, JobRequest job);
  }

  /// @param ids of uploads: the same in every repeat of a request
  TrialImport(PostgresUploads uploads, ImportSubmission jobs, Supplier<UUID> ids) {
    this.uploads = uploads;
    this.jobs = jobs;
    this.ids = ids;
  }

  /// @param accepted number of good lines
  /// @param rejected bad lines that are left out, the first thousand of them
  public record Receipt(
      String status,
      UUID jobId,
      String message,
      String datasetId,
      int accepted,
      int rejectedTotal,
      List<Rejection> rejected) {}

  /// @param fields of the form or the query: what the sender says of the table
  /// @param sites empty when there is no file of sites
  /// @throws Problem of kind INVALID when anything about it cannot be used
  Receipt receive(Map<String, String> fields, byte[] trials, byte[] sites) {
    Upload upload = new Upload(ids.get(), about(fields), trials, sites);
    Upload.Reading reading = upload.read();
    uploads.keep(upload);
    UUID job =
        jobs.submit(
            upload.id(),
            JobRequest.of(
                TrialImportHandler.JOB_TYPE,
                Json.object().put("upload_id", upload.id().toString())));
    List<Rejection> rejections = reading.trials().rejections();
    return new Receipt(
        "success",
        job,
        "The trials are being imported.",
        upload.about().datasetId(),
        reading.trials().observations().size(),
        rejections.size(),
        rejections.subList(0, Math.min(LINES_SHOWN, rejections.size())));
  }

  private static Upload.About about(Map<String, String> fields) {
    Violations unknown = new Violations();
    fields.keySet().stream()
        .filter(name -> !FIELDS.contains(name))
        .sorted()
        .forEach(name -> unknown.add("/" + name, "'%s' is not known here".formatted(name)));
    unknown.raise();
    return new Upload.About(
        fields.getOrDefault("dataset_id", ""),
        fields.getOrDefault("crop_id", ""),
        fields.getOrDefault("name", ""),
        fields.getOrDefault("source", ""),
        fields.getOrDefault("licence", ""),
        keepGoodLines(fields.getOrDefault("keep_good_lines", "false")));
  }

  private static boolean keepGoodLines(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.invalid("/keep_good_lines", "keep_good_lines must be true or false");
    };
  }
}
