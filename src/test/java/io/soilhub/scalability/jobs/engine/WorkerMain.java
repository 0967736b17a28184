package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A replica in a process of its own, to be killed and stopped from outside. Ends when its standard
/// input does, so that it does not outlive its test.
final class WorkerMain {

  /// @param args node, DATABASE_URL, REDIS_URL
  public static void main(String[] args) throws IOException {
    RedisClients redis = new RedisClients(RedisSettings.of(args[2], 16, Duration.ofSeconds(1)));
    List<JobHandler> handlers = List.of(Handlers.of("work", WorkerMain::work));
    TestEngine engine = TestEngine.of(args[0], args[1], redis, handlers, Map.of());
    engine.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    Runtime.getRuntime().halt(0);
  }

  /// Has its effect, takes the time that its payload says, and returns its fence.
  static JsonNode work(JobRun run) throws InterruptedException {
    Thread.sleep(run.payload().path("before_ms").asLong());
    run.once("effect", connection -> Effects.add(connection, run));
    Thread.sleep(run.payload().path("after_ms").asLong());
    return Json.object().put("fence", run.fence());
  }

  /// Starts this class in a JVM of its own.
  static Process launch(String node, String databaseUrl, String redisUrl) throws IOException {
    return launch(node, databaseUrl, redisUrl, List.of());
  }

  /// @param options of the JVM
  static Process launch(String node, String databaseUrl, String redisUrl, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WorkerMain.class.getName(), node, databaseUrl, redisUrl));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(new File("target/" + node + ".log")))
            .start();
    int first = process.getInputStream().read();
    if (first != 'r') {
      throw new IllegalStateException("replica " + node + " did not start");
    }
    return process;
  }

  static void signal(Process process, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private WorkerMain() {}
}
