package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.microshed.testing.jupiter.MicroShedTest;

/// Jobs over HTTP, on the server that users get.
@MicroShedTest
class JobsApiIT {

  private static final String JOBS = HttpCalls.API + "/jobs";
  private static final String LOG_JOB =
      "{\"job_type\":\"notification\",\"payload\":{\"channel\":\"log\",\"message\":\"hello\"}}";
  private final HttpCalls http = ServiceEnvironment.http();

  @Test
  void aSubmittedJobIsDoneWhenWaitedFor() {
    HttpCalls.Answer answer = http.post(JOBS, LOG_JOB);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    String id = answer.json().path("job_id").asText();
    assertThat(answer.header("Location").orElseThrow()).endsWith(JOBS + "/" + id);
    JsonNode job = http.get(JOBS + "/" + id + "?wait_seconds=30").json();
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("completed");
    assertThat(job.path("history").findValuesAsText("status"))
        .startsWith("pending", "running")
        .endsWith("completed");
    assertThat(http.delete(JOBS + "/" + id).status()).isEqualTo(409);
    assertThat(http.post(JOBS + "/" + id + "/retry", "").status()).isEqualTo(409);
    assertThat(job.has("result")).isTrue();
    assertThat(http.get(JOBS + "?status=completed&job_type=notification").json().path("items"))
        .isNotEmpty()
        .noneMatch(item -> item.has("result"));
  }

  @Test
  void aRepeatWithTheSameKeyIsTheSameJob() {
    HttpCalls.Answer first = keyed("one-key", LOG_JOB);
    HttpCalls.Answer second = keyed("one-key", LOG_JOB);
    assertThat(first.status()).as(first.toString()).isEqualTo(202);
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.header("Idempotency-Replayed")).contains("true");
    HttpCalls.Answer other = keyed("one-key", LOG_JOB.replace("hello", "good day"));
    assertThat(other.status()).as(other.toString()).isEqualTo(422);
  }

  @Test
  void whatCannotBeRunIsRefusedWithEveryFault() {
    HttpCalls.Answer unknown = http.post(JOBS, "{\"job_type\":\"nonsense\",\"payload\":{}}");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.text()).contains("data_cleanup").contains("notification");
    HttpCalls.Answer email =
        http.post(
            JOBS,
            "{\"job_type\":\"notification\",\"max_attempts\":0,"
                + "\"payload\":{\"channel\":\"email\",\"message\":\"m\",\"to\":\"nobody\"}}");
    assertThat(email.status()).isEqualTo(422);
    assertThat(email.json().path("errors").findValuesAsText("pointer"))
        .contains("/max_attempts", "/payload/channel", "/payload/to");
    assertThat(http.post(JOBS, "{\"jobtype\":1}").status()).isEqualTo(422);
    assertThat(http.post(JOBS, "{").status()).isEqualTo(400);
    assertThat(http.get(JOBS + "/nonsense").status()).isEqualTo(404);
    assertThat(http.get(JOBS + "/" + new UUID(1, 2)).status()).isEqualTo(404);
    assertThat(http.get(JOBS + "?status=nonsense").status()).isEqualTo(422);
    assertThat(http.get(JOBS + "?tag=%00").status()).isEqualTo(400);
  }

  @Test
  void aBatchIsTakenWhole() {
    HttpCalls.Answer batch =
        http.post(JOBS + "/batch", "{\"jobs\":[" + LOG_JOB + "," + LOG_JOB + "]}");
    assertThat(batch.status()).as(batch.toString()).isEqualTo(202);
    assertThat(batch.json().path("job_ids")).hasSize(2);
    assertThat(http.post(JOBS + "/batch", "{\"jobs\":[]}").status()).isEqualTo(422);
  }

  @Test
  void aDelayedJobIsCancelledAndRetried() {
    String delayed = LOG_JOB.replace("\"payload\"", "\"delay_seconds\":600,\"payload\"");
    String id = http.post(JOBS, delayed).json().path("job_id").asText();
    HttpCalls.Answer cancelled = http.delete(JOBS + "/" + id);
    assertThat(cancelled.status()).as(cancelled.toString()).isEqualTo(200);
    assertThat(http.post(JOBS + "/" + id + "/retry", "").status()).isEqualTo(202);
    JsonNode job = http.get(JOBS + "/" + id + "?wait_seconds=30").json();
    assertThat(job.path("status").asText()).isEqualTo("completed");
  }

  @Test
  void queuesAreShownAndLimitedUnderTheirEtag() {
    JsonNode queues = http.get(JOBS + "/queues").json().path("items");
    assertThat(queues).hasSize(5);
    assertThat(queues.get(0).path("pending").size()).isEqualTo(4);
    String cleanup = JOBS + "/queues/cleanup";
    String etag = http.get(cleanup).header("ETag").orElseThrow();
    String body = "{\"paused\":true,\"max_concurrency\":2,\"rate_limit_per_minute\":null}";
    assertThat(http.put(cleanup, body).status()).isEqualTo(428);
    HttpCalls.Answer changed = put(cleanup, etag, body);
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
    assertThat(changed.json().path("max_concurrency").asInt()).isEqualTo(2);
    assertThat(put(cleanup, etag, body).status()).isEqualTo(412);
    assertThat(put(cleanup, "W/" + changed.header("ETag").orElseThrow(), body).status())
        .isEqualTo(412);
    HttpCalls.Answer any = put(cleanup, "*", body.replace("true", "false"));
    assertThat(any.status()).as(any.toString()).isEqualTo(200);
    String several = "\"none\", " + any.header("ETag").orElseThrow();
    assertThat(put(cleanup, several, body.replace("true", "false")).status()).isEqualTo(200);
    assertThat(http.get(JOBS + "/queues/nonsense").status()).isEqualTo(404);
  }

  private HttpCalls.Answer keyed(String key, String body) {
    return http.send(
        http.request(JOBS)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpCalls.Answer put(String path, String etag, String body) {
    return http.send(
        http.request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", etag)
            .PUT(BodyPublishers.ofString(body)));
  }
}
