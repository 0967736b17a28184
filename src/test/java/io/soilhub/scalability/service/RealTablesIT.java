package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The answers that the published trial tables give, when AGRONOMY_DATA_DIR names a folder of them.
class RealTablesIT {

  @Test
  void theTablesOfTheFolderAreImportedAtStartAndAnswer() {
    String folder = System.getenv("AGRONOMY_DATA_DIR");
    assumeTrue(folder != null, "AGRONOMY_DATA_DIR names no folder of trial tables");
    try (TestRedis redis = TestRedis.start()) {
      Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
      variables.put("AGRONOMY_DATA_DIR", folder);
      try (LibertyReplica replica = LibertyReplica.start("tables", variables)) {
        Await.until(
            "the tables are imported",
            Duration.ofSeconds(180),
            () -> replica.http().get(API + "/varieties/crops").text().contains("winter_wheat"));
        JsonNode far = recommended(replica.http(), "corn", 40.0, -95.0);
        assertThat(leader(far)).isEqualTo("beck|xl 6365amx*");
        assertThat(far.path("recommendations").get(0).path("advantage").path("value").asDouble())
            .isCloseTo(6.9866, within(0.01));
        assertThat(far.path("recommendations").get(0).path("risk_flags").toString())
            .contains("EXTRAPOLATED_LOCATION");
        assertThat(
                far.path("recommendations").get(0).path("evidence").path("nearest_km").asDouble())
            .isCloseTo(364, within(2.0));
        assertThat(far.path("data_sources").get(0).path("synthetic").asBoolean()).isFalse();

        assertThat(leader(recommended(replica.http(), "corn", 40.11, -88.2)))
            .isEqualTo("beck|xl 6365amx*");
        assertThat(leader(recommended(replica.http(), "winter_wheat", 43.5, -80.5)))
            .isEqualTo("Fun");
      }
    }
  }

  private static String leader(JsonNode result) {
    return result.path("recommendations").get(0).path("variety_id").asText();
  }

  private static JsonNode recommended(HttpCalls http, String crop, double lat, double lon) {
    String body =
        "{\"crop_id\":\"%s\",\"latitude\":%s,\"longitude\":%s,\"preferences\":{\"yield_priority\":\"high\"}}"
            .formatted(crop, lat, lon);
    String id = http.post(API + "/variety-recommendations", body).json().path("job_id").asText();
    JsonNode job = http.get(API + "/jobs/" + id + "?wait_seconds=60").json();
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("completed");
    return job.path("result");
  }
}
