package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobFailed;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobStopped;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import io.soilhub.scalability.varieties.recommendation.Recommender;
import io.soilhub.scalability.varieties.recommendation.Tables;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlersTest {

  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final StoredInMemory store = new StoredInMemory();
  private boolean imported = true;
  private final VarietyCatalog varietyCatalog = new VarietyCatalog(store, store::version);
  private final RecommendationHandler recommendation =
      new RecommendationHandler(varietyCatalog, new Recommender(CLOCK), () -> imported);
  private final SearchHandler search = new SearchHandler(new VarietySearch(varietyCatalog, CLOCK));

  @BeforeEach
  void load() {
    store.save(Tables.threeVarieties().dataSet("wheat_test", "winter_wheat"), "a");
  }

  @Test
  void answersUnderTheNameThatWasAskedFor() {
    JsonNode result =
        recommendation.run(run("{'crop_id':'wheat','location':{'lat':42,'lng':-90}}"));

    assertThat(result.at("/recommendations/0/variety_name").asText()).isEqualTo("good");
    assertThat(result.get("crop_id").asText()).isEqualTo("winter_wheat");
    assertThat(result.at("/field_notes/0").asText()).contains("winter_wheat").contains("wheat");
    assertThat(result.get("job_id").asText()).isEqualTo(run("{}").jobId().toString());
    assertThat(recommendation.defaultQueue()).isEqualTo(JobQueue.RECOMMENDATIONS);
  }

  @Test
  void aCropWithoutTrialsFailsForGood() {
    JobFailed failure =
        catchThrowableOfType(
            JobFailed.class,
            () -> recommendation.run(run("{'crop_id':'quinoa','lat':42,'lng':-90}")));

    assertThat(failure.type()).isEqualTo("NO_TRIAL_DATA");
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("quinoa").hasMessageContaining("winter_wheat");
  }

  @Test
  void beforeTheImportAtStartIsDoneAMissingCropIsTriedAgain() {
    imported = false;
    JobFailed failure =
        catchThrowableOfType(
            JobFailed.class,
            () -> recommendation.run(run("{'crop_id':'quinoa','lat':42,'lng':-90}")));

    assertThat(failure.type()).isEqualTo("TRIALS_LOADING");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void aDataSetThatIsNotThereFailsForGood() {
    JobFailed failure =
        catchThrowableOfType(
            JobFailed.class,
            () ->
                recommendation.run(
                    run(
                        "{'crop_id':'wheat','lat':42,'lng':-90,"
                            + "'preferences':{'dataset_id':'gone'}}")));

    assertThat(failure.type()).isEqualTo("NO_TRIAL_DATA");
    assertThat(failure).hasMessageContaining("gone");
  }

  @Test
  void badPayloadsAreRefusedAtSubmission() {
    assertThatThrownBy(() -> recommendation.validate(run("{'crop_id':'corn'}").payload()))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> search.validate(run("{'queries':'corn'}").payload()))
        .isInstanceOf(Problem.class);
    recommendation.validate(run("{'crop_id':'corn','lat':1,'lng':1}").payload());
    search.validate(run("{'queries':['corn']}").payload());
  }

  /// The engine does not read it again.
  @Test
  void theResourceSubmitsWhatTheHandlerReadsAsTheSameRequest() {
    String body =
        """
        {"crop_id":"Winter Wheat","latitude":42.5,"longitude":-90,"soil_data":{"ph":6.1},
         "preferences":{"yield_priority":"high","top_n":3,"maturity_group":{"min":2}}}
        """;
    ObjectNode payload = VarietyRecommendationsResource.payload((ObjectNode) Json.parse(body));

    assertThat(payload.get("location").fieldNames()).toIterable().hasSize(2);
    assertThat(RecommendationRequest.of(payload))
        .isEqualTo(RecommendationRequest.of((ObjectNode) Json.parse(body)));
    recommendation.validate(payload);
  }

  @Test
  void aSearchReportsAfterEachQuery() {
    RecordedRun run = run("{'queries':['good','poor','wheat','x']}");
    JsonNode result = search.run(run);

    assertThat(run.reported()).containsExactly(25, 50, 75, 100);
    assertThat(result.get("total_queries").asInt()).isEqualTo(4);
    assertThat(result.at("/results/0/items/0/variety_name").asText()).isEqualTo("good");
    assertThat(result.at("/results/2/total").asInt()).isEqualTo(3);
    assertThat(search.defaultQueue()).isEqualTo(JobQueue.BATCH_OPERATIONS);
  }

  @Test
  void aCancelledSearchEndsBetweenQueries() {
    RecordedRun run = run("{'queries':['good','poor','wheat','x']}").stopAfter(2);

    assertThatThrownBy(() -> search.run(run)).isInstanceOf(JobStopped.class);
    assertThat(run.reported()).containsExactly(25, 50);
  }

  private static RecordedRun run(String payload) {
    return new RecordedRun(payload, Optional.empty());
  }
}
