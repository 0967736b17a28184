package io.soilhub.scalability.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.gateway.proxy.Backend;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// No statement of the service reads a table that grows from end to end. The replica is one of its
/// own, since its tables have to be full before its loops take their first step. As a drill the
/// calls go on for more than a minute, because some loops have the leader's second step after one.
class FullTablesIT {

  @Test
  void everyTableIsFilledOrSaidToBeBounded() {
    String url = TestPostgres.shared().newDatabase();
    FullTables.fill(url);
    assertThat(FullTables.unknown(url)).isEmpty();
  }

  @Test
  void noGrowingTableIsReadFromEndToEnd() {
    assertThat(scanned(Duration.ofSeconds(10))).isEmpty();
  }

  @Test
  @Tag("drill")
  void norIsOneByWhatIsDoneOnceAMinute() {
    assertThat(scanned(Duration.ofSeconds(66))).isEmpty();
  }

  /// Calls everything for a while.
  ///
  /// @return how often each table was read from end to end
  private static Map<String, Long> scanned(Duration lasts) {
    try (TestRedis redis = TestRedis.start();
        Backend backend = Backend.start()) {
      return scanned(redis, backend, lasts);
    }
  }

  private static Map<String, Long> scanned(TestRedis redis, Backend backend, Duration lasts) {
    Map<String, String> variables =
        new HashMap<>(ServiceEnvironment.variables(TestPostgres.shared(), redis));
    // Nobody is there, so that purges fail and are put back.
    variables.put("CDN_URL", "http://localhost:1");
    String url = variables.get("DATABASE_URL");
    FullTables.fill(url);
    Map<String, Long> before = FullTables.scans(url);
    variables.put("INSTANCES", "load/one=localhost:" + backend.port());
    try (LibertyReplica replica = LibertyReplica.start("full", variables)) {
      replica.awaitStatus("/gateway/load/echo", 200, Duration.ofSeconds(30));
      call(replica.http(), lasts);
    }
    Map<String, Long> scanned = new TreeMap<>();
    FullTables.scans(url).forEach((table, scans) -> scanned.put(table, scans - before.get(table)));
    scanned.values().removeIf(scans -> scans == 0);
    return scanned;
  }

  private static void call(HttpCalls http, Duration lasts) {
    RandomGenerator random = new SplittableRandom(7);
    Map<String, MixedLoad.Call> calls = new LinkedHashMap<>(MixedLoad.calls());
    calls.putAll(MixedLoad.acts());
    long end = System.nanoTime() + lasts.toNanos();
    while (System.nanoTime() < end) {
      calls.forEach(
          (name, call) -> {
            Answer answer = call.send(http, random);
            assertThat(answer.status()).as("%s: %s", name, answer).isLessThan(500);
          });
    }
  }
}
