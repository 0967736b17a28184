package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.microshed.testing.jupiter.MicroShedTest;

/// The main job as a client asks for it: over HTTP, worked off by the queue.
@MicroShedTest
class RecommendationIT {

  private static final String CORN =
      """
      {"crop_id":"corn","latitude":40.0,"longitude":-95.0,
       "soil_data":{"ph":6.5,"organic_matter":3.2},"preferences":{"yield_priority":"high"}}
      """;

  private final HttpCalls http = ServiceEnvironment.http();

  @Test
  void aRecommendationIsAcceptedWorkedOffAndSaysThatItsDataIsMadeUp() {
    JsonNode job = finished(http.post(API + "/variety-recommendations", CORN));

    assertThat(job.path("status").asText()).isEqualTo("completed");
    JsonNode result = job.path("result");
    assertThat(result.path("recommendations")).isNotEmpty();
    assertThat(result.path("recommendations").get(0).path("rank").asInt()).isEqualTo(1);
    assertThat(result.path("recommendations").get(0).path("risk_flags").toString())
        .contains("DEMONSTRATION_DATA");
    assertThat(result.path("data_sources").get(0).path("synthetic").asBoolean()).isTrue();
    assertThat(result.path("job_id").asText()).isEqualTo(job.path("job_id").asText());
  }

  @Test
  void aCropWithoutTrialsEndsFailedAndIsNotTriedAgain() {
    JsonNode job =
        finished(http.post(API + "/variety-recommendations", CORN.replace("corn", "quinoa")));

    assertThat(job.path("status").asText()).isEqualTo("failed");
    assertThat(job.path("error").path("type").asText()).isEqualTo("NO_TRIAL_DATA");
    assertThat(job.path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void whatAHandlerCannotUseIsRefusedAtSubmission() {
    for (String body :
        List.of(
            CORN.replace("40.0", "140.0"),
            CORN.replace("high", "enormous"),
            CORN.replace("\"crop_id\":\"corn\",", ""))) {
      Answer answer = http.post(API + "/variety-recommendations", body);
      assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
      assertThat(answer.json().path("errors").get(0).path("pointer").asText()).startsWith("/");
    }
  }

  @Test
  void aSearchFindsVarietiesByWordsThatAreNearlyRight() {
    JsonNode job =
        finished(
            http.post(
                API + "/batch-variety-search", "{\"queries\":[\"corn varieties\"],\"limit\":5}"));

    assertThat(job.path("status").asText()).isEqualTo("completed");
    assertThat(job.path("priority").asText()).isEqualTo("low");
    assertThat(job.path("result").path("results").get(0).path("items")).isNotEmpty();
  }

  private JsonNode finished(Answer submitted) {
    assertThat(submitted.status()).as(submitted.toString()).isEqualTo(202);
    String id = submitted.json().path("job_id").asText();
    assertThat(submitted.header("Location")).hasValueSatisfying(l -> assertThat(l).endsWith(id));
    Answer answer = http.get(API + "/jobs/" + id + "?wait_seconds=30");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
