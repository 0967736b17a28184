package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import io.soilhub.scalability.platform.core.Sha256;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import io.soilhub.scalability.varieties.trials.Rejection;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TableRejected;
import io.soilhub.scalability.varieties.trials.TrialReader;
import io.soilhub.scalability.varieties.trials.TrialReading;
import io.soilhub.scalability.varieties.trials.TrialTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// A trial table on its way in.
///
/// @param trials the table's file, CSV or gzipped CSV
/// @param sites the file of its sites; empty when there is none
record Upload(UUID id, About about, byte[] trials, byte[] sites) {

  private static final int LINES_SHOWN = 100;

  /// What its sender says of it.
  ///
  /// @param keepGoodLines whether a table with bad lines is taken without them
  record About(
      String datasetId,
      String cropId,
      String name,
      String source,
      String licence,
      boolean keepGoodLines) {

    private static final int MAX_LENGTH = 500;

    About {
      cropId = RecommendationRequest.normalised(cropId);
      datasetId = datasetId.isBlank() ? derivedId(cropId, name) : datasetId.strip();
    }

    private static String derivedId(String cropId, String name) {
      String words = RecommendationRequest.normalised(name).replaceAll("[^a-z0-9_]+", "");
      String id = words.startsWith(cropId) ? words : cropId + "_" + words;
      return id.substring(0, Math.min(64, id.length()));
    }

    void check() {
      Violations violations = new Violations();
      for (var id : List.of(List.of("dataset_id", datasetId), List.of("crop_id", cropId))) {
        violations.requireMember(
            id.getLast().matches("[a-z0-9][a-z0-9_]{0,63}"),
            id.getFirst(),
            "must be up to 64 lower-case letters, digits and _");
      }
      for (var text :
          List.of(List.of("name", name), List.of("source", source), List.of("licence", licence))) {
        violations.requireMember(
            !text.getLast().isBlank() && text.getLast().length() <= MAX_LENGTH,
            text.getFirst(),
            "must be a text of 1 to 500 characters");
      }
      violations.raise();
    }
  }

  /// What was found in it.
  record Reading(TrialReading trials, TrialTable table) {}

  /// @throws Problem of kind INVALID when it cannot be used, with the bad lines by number
  Reading read() {
    about.check();
    try {
      TrialReading reading = TrialReader.read(trials);
      if (!reading.rejections().isEmpty() && !about.keepGoodLines()) {
        throw badLines(reading.rejections());
      }
      List<Site> places = sites.length == 0 ? List.of() : TrialReader.readSites(sites);
      return new Reading(reading, reading.table(places));
    } catch (TableRejected e) {
      throw Problem.invalid("/trials", e.getMessage());
    }
  }

  /// Every bad line up to a hundred, and how many there are.
  private static Problem badLines(List<Rejection> rejections) {
    List<Violation> violations =
        rejections.stream()
            .limit(LINES_SHOWN)
            .map(bad -> new Violation("/trials/line/" + bad.line(), bad.reason()))
            .toList();
    return new Problem(
        Problem.Kind.INVALID,
        "bad-lines",
        "%d lines cannot be used; keep_good_lines=true takes the others"
            .formatted(rejections.size()),
        violations);
  }

  /// Over all that the stored set will be made from.
  String contentHash() {
    return Sha256.fingerprint(about.toString().getBytes(StandardCharsets.UTF_8), trials, sites);
  }
}
