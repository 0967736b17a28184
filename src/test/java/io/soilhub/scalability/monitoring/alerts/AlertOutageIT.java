package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A replica of its own, because its PostgreSQL is taken away.
@Tag("drill")
class AlertOutageIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String FIRING = "[warning] database (firing: 1)";
  private static final String RESOLVED = "[warning] database (resolved: 1)";

  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void theLeaderTellsThatPostgresIsAwayAndThatItIsBack() throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.start();
    Map<String, String> variables =
        ServiceEnvironment.variables(TestPostgres.shared(), TestRedis.shared());
    String url = variables.get("DATABASE_URL");
    int port = URI.create(url).getPort();
    try (FaultProxy network = FaultProxy.before(port);
        Database database = TestPostgres.open(url)) {
      variables.put("DATABASE_URL", url.replace(":" + port + "/", ":" + network.port() + "/"));
      variables.put("ALERT_INTERVAL_SECONDS", "1");
      variables.put(
          "ALERT_WEBHOOK_URL", "http://localhost:" + receiver.getAddress().getPort() + "/hook");
      variables.put("ALERT_WEBHOOK_SECRET", "0123456789abcdef");
      try (LibertyReplica replica = LibertyReplica.start("alert-outage", variables)) {
        replace(replica.http());
        long version = version(database);
        Await.until("it evaluates", LIMIT, () -> version(database) > version + 1);
        network.refuse();
        Await.until("it tells", LIMIT, () -> !told.isEmpty());
        assertThat(told).containsExactly(FIRING);
        network.pass();
        Await.until("it tells of the end", LIMIT, () -> told.contains(RESOLVED));
      }
    } finally {
      receiver.stop(0);
    }
  }

  private static void replace(HttpCalls http) {
    String rules =
        """
        {"rules":[{"name":"database","signal":"component_down","threshold":0.5,
                   "where":{"component":"postgresql"}}]}
        """;
    assertThat(
            http.send(
                    http.request(HttpCalls.API + "/alerts/rules")
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .PUT(BodyPublishers.ofString(rules)))
                .status())
        .isEqualTo(200);
  }

  private static long version(Database database) {
    return database.inStatement(
        connection ->
            Sql.read(connection, "SELECT version FROM alert_evaluation", row -> row.getLong(1))
                .getFirst());
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    told.add(Json.mapper().readTree(body).path("subject").asText());
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }
}
