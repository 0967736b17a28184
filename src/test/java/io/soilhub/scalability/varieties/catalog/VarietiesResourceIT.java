package io.soilhub.scalability.varieties.catalog;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.microshed.testing.jupiter.MicroShedTest;

/// The varieties as their users meet them: over HTTP, on a real server with nothing but what the
/// project ships.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@MicroShedTest
class VarietiesResourceIT {

  private static final String TABLE =
      """
      variety,company,location,year,yield_t_ha,lat,lon
      Fun,acme,north,2023,4.5,43.5,-80.5
      Cas,acme,north,2023,4.3,43.5,-80.5
      Zav,acme,north,2023,4.1,43.5,-80.5
      Fun,acme,south,2023,5.6,42.5,-81.5
      Cas,acme,south,2023,5.2,42.5,-81.5
      Zav,acme,south,2023,5.1,42.5,-81.5
      Fun,acme,north,2024,4.9,43.5,-80.5
      Cas,acme,north,2024,4.6,43.5,-80.5
      Zav,acme,north,2024,4.2,43.5,-80.5
      Fun,acme,south,2024,5.9,42.5,-81.5
      Cas,acme,south,2024,5.5,42.5,-81.5
      Zav,acme,south,2024,5.0,42.5,-81.5
      Fun,acme,north,2025,4.7,43.5,-80.5
      Cas,acme,north,2025,4.5,43.5,-80.5
      Zav,acme,north,2025,4.2,43.5,-80.5
      Fun,acme,south,2025,5.5,42.5,-81.5
      Cas,acme,south,2025,5.3,42.5,-81.5
      Zav,acme,south,2025,4.9,42.5,-81.5
      """;

  private final HttpCalls http = ServiceEnvironment.http();

  @Test
  void theFirstQuestionIsAnsweredFromTheDemonstrationAndSaysSo() {
    Answer accepted =
        http.post(
            API + "/variety-recommendations",
            """
            {"crop_id": "corn", "latitude": 40.0, "longitude": -95.0,
             "soil_data": {"ph": 6.5, "organic_matter": 3.2},
             "preferences": {"yield_priority": "high"}}
            """);

    assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
    assertThat(accepted.json().get("status").asText()).isEqualTo("success");
    assertThat(accepted.header("Location").orElseThrow())
        .endsWith(API + "/jobs/" + accepted.json().get("job_id").asText());
    JsonNode job = finished(accepted);
    assertThat(job.get("status").asText()).as("%s", job).isEqualTo("completed");
    JsonNode result = job.get("result");
    assertThat(result.get("synthetic").asBoolean()).isTrue();
    assertThat(result.get("risk_flags").toString()).contains("DEMONSTRATION_DATA");
    assertThat(result.get("recommendations")).hasSize(5);
    assertThat(result.get("job_id")).isEqualTo(job.get("job_id"));
    assertThat(result.get("generated_at").asText()).endsWith("Z");
  }

  @Test
  void aCropWithoutTrialsFailsWithTheReason() {
    Answer accepted =
        http.post(
            API + "/variety-recommendations",
            "{\"crop_id\": \"quinoa\", \"latitude\": 40, \"longitude\": -95}");
    JsonNode job = finished(accepted);

    assertThat(job.get("status").asText()).isEqualTo("failed");
    assertThat(job.at("/error/type").asText()).isEqualTo("NO_TRIAL_DATA");
    assertThat(job.get("attempt").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'crop_id':'corn','latitude':95,'longitude':0}; 422; /latitude",
        "{'crop_id':'corn','latitude':5}; 422; /longitude",
        "{'crop_id':'corn','latitude':5,'longitude':0,'preferences':{'yield_priority':'x'}}; 422;"
            + " /preferences/yield_priority",
        "{'crop_id':'corn','latitude':5,'longitude':0,'colour':1}; 422; /colour",
        "{'crop_id':'corn','latitude':'5','longitude':0}; 400; /latitude"
      })
  void aBadQuestionIsRefusedWithAPointer(String body, int status, String pointer) {
    Answer answer = http.post(API + "/variety-recommendations", body.replace('\'', '"'));

    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(pointer);
  }

  @Test
  void aBadPayloadIsRefusedWhenAnyJobIsSubmitted() {
    Answer answer =
        http.post(
            API + "/jobs",
            """
            {"job_type": "batch_variety_search",
             "payload": {"queries": ["a"], "filters": {"colour": "red"}}}
            """);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("/payload/filters/colour");
  }

  @Test
  void aSearchAnswersAllItsQueries() {
    Answer accepted =
        http.post(
            API + "/batch-variety-search",
            """
            {"queries": ["demo 05", "corn"], "filters": {"yield_potential": {"min": 150}},
             "limit": 10}
            """);
    JsonNode job = finished(accepted);

    assertThat(job.get("priority").asText()).isEqualTo("low");
    assertThat(job.at("/result/total_queries").asInt()).isEqualTo(2);
    assertThat(job.at("/result/results/0/items/0/variety_name").asText()).isEqualTo("demo 05");
    assertThat(job.at("/result/results/1/items")).hasSize(10);
  }

  @Test
  void anUploadedTableAnswersAfterItsImport() {
    String query =
        "/varieties/trials?crop_id=winter_wheat&name=Mine&source=my+farm&licence=mine"
            + "&dataset_id=mine_wheat";
    Answer refused = csv(query, TABLE + "Bad,acme,south,x,4.9,42.5,-81.5\n");
    Answer accepted = csv(query, TABLE);

    assertThat(refused.status()).as("%s", refused).isEqualTo(422);
    assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/trials/line/20");
    assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
    assertThat(accepted.json().get("accepted").asInt()).isEqualTo(18);
    JsonNode job = finished(accepted);
    assertThat(job.get("status").asText()).as("%s", job).isEqualTo("completed");
    Await.until(
        "the new version is loaded",
        Duration.ofSeconds(60),
        () -> http.get(API + "/varieties/crops").text().contains("winter_wheat"));
    JsonNode result =
        finished(
                http.post(
                    API + "/variety-recommendations",
                    "{\"crop_id\": \"wheat\", \"latitude\": 43, \"longitude\": -81}"))
            .get("result");
    assertThat(result.at("/recommendations/0/variety_name").asText()).isEqualTo("Fun");
    assertThat(result.get("synthetic").asBoolean()).isFalse();
    assertThat(result.at("/data_sources/0/dataset_id").asText()).isEqualTo("mine_wheat");
  }

  @Test
  void aFormTakesTheSitesAsAFileOfTheirOwn() {
    String boundary = "----scalability";
    StringBuilder form = new StringBuilder();
    part(form, boundary, "crop_id", "barley");
    part(form, boundary, "name", "Mine");
    part(form, boundary, "source", "my farm");
    part(form, boundary, "licence", "mine");
    part(form, boundary, "trials", TABLE);
    part(form, boundary, "sites", "location,lat,lon\nnorth,50,-100\nsouth,51,-101\n");
    form.append("--").append(boundary).append("--\r\n");
    Answer accepted =
        http.send(
            http.request(API + "/varieties/trials")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofString(form.toString())));

    assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
    assertThat(finished(accepted).at("/result/dataset_id").asText()).isEqualTo("barley_mine");
  }

  @Test
  void moreUploadsAtOnceThanAllowedAreToldToComeAgain() throws IOException {
    List<Socket> halves = new ArrayList<>();
    try {
      halves.add(halfAnUpload());
      AtomicReference<Answer> refused = new AtomicReference<>();
      Await.until(
          () -> "refused: " + refused.get(),
          Duration.ofSeconds(20),
          () -> {
            // Another half each time: one that comes in while a whole one is read is refused too.
            halves.add(halfAnUpload());
            refused.set(csv("/varieties/trials?crop_id=rye", TABLE));
            return refused.get().status() == 503;
          });
      assertThat(refused.get().header("Retry-After")).isPresent();
      assertThat(refused.get().text()).contains("too-many-uploads");
    } finally {
      for (Socket half : halves) {
        half.close();
      }
    }
    Await.until(
        "a slot is free again",
        Duration.ofSeconds(60),
        () -> csv("/varieties/trials?crop_id=rye", TABLE).status() == 422);
  }

  /// Says that it sends a table, begins to, and does not go on.
  private Socket halfAnUpload() {
    String head =
        "POST %s/varieties/trials HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                .formatted(API)
            + "Content-Length: 100000\r\n\r\nvariety,";
    try {
      Socket socket = new Socket(http.base().getHost(), http.base().getPort());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void part(StringBuilder form, String boundary, String name, String content) {
    boolean file = name.equals("trials") || name.equals("sites");
    form.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
    form.append(name).append('"').append(file ? "; filename=\"" + name + ".csv\"" : "");
    form.append("\r\nContent-Type: ").append(file ? "text/csv" : "text/plain");
    form.append("\r\n\r\n").append(content).append("\r\n");
  }

  private Answer csv(String path, String table) {
    return http.send(
        http.request(API + path)
            .header("Content-Type", "text/csv")
            .POST(BodyPublishers.ofString(table)));
  }

  private JsonNode finished(Answer accepted) {
    String id = accepted.json().get("job_id").asText();
    return http.get(API + "/jobs/" + id + "?wait_seconds=60").json();
  }
}
