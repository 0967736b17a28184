package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Two replicas share the work; one is killed in the middle of it.
class ReplicaLossIT {

  private static final int JOBS = 2000;
  private static final String DONE = "queue = 'recommendations' AND status = 'completed'";

  @Test
  void killingAReplicaLosesNoJob() {
    try (TestRedis redis = TestRedis.start()) {
      Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
      try (LibertyReplica survivor = LibertyReplica.start("survivor", variables);
          LibertyReplica victim = LibertyReplica.start("victim", variables)) {
        submit(victim.http());
        Await.until(
            "the victim has done some",
            Duration.ofSeconds(120),
            () -> completed(variables) > JOBS / 20 && byVictim(variables) > 0);
        victim.kill();

        Await.until(
            () -> completed(variables) + " of " + JOBS + " are done",
            Duration.ofSeconds(180),
            () -> completed(variables) == JOBS);
        assertThat(workers(variables)).as("replicas that took part").isEqualTo(2);
        // what the victim finished in the journal it may have left leased in Redis until that ends
        Await.until(
            "no lease is left",
            Duration.ofSeconds(60),
            () -> queue(survivor.http()).path("running").asInt() == 0);
      }
    }
  }

  private static void submit(HttpCalls http) {
    String job =
        """
        {"job_type":"variety_recommendation","queue":"recommendations",
         "payload":{"crop_id":"corn","location":{"lat":40.0,"lng":-95.0}}}\
        """;
    String batch = "{\"jobs\":[" + String.join(",", Collections.nCopies(1000, job)) + "]}";
    for (int i = 0; i < JOBS / 1000; i++) {
      HttpCalls.Answer answer = http.post(API + "/jobs/batch", batch);
      assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    }
  }

  private static JsonNode queue(HttpCalls http) {
    for (JsonNode queue : http.get(API + "/jobs/queues").json().path("items")) {
      if (queue.path("queue").asText().equals("recommendations")) {
        return queue;
      }
    }
    throw new AssertionError("no queue of recommendations");
  }

  private static long completed(Map<String, String> variables) {
    return number(variables, "SELECT count(*) FROM job WHERE " + DONE);
  }

  private static long byVictim(Map<String, String> variables) {
    return number(variables, "SELECT count(*) FROM job WHERE " + DONE + " AND worker = 'victim'");
  }

  private static long workers(Map<String, String> variables) {
    return number(variables, "SELECT count(DISTINCT worker) FROM job WHERE " + DONE);
  }

  private static long number(Map<String, String> variables, String query) {
    try (Database database = TestPostgres.open(variables.get("DATABASE_URL"))) {
      return database.inTransaction(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
              row.next();
              return row.getLong(1);
            }
          });
    }
  }
}
