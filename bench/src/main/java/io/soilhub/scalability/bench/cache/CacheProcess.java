package io.soilhub.scalability.bench.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.bench.Protocol;
import io.soilhub.scalability.bench.Stores;
import io.soilhub.scalability.bench.SubjectProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A system under measure in a JVM of its own.
final class CacheProcess implements AutoCloseable {

  private static final String SEPARATOR = File.pathSeparator;

  private final Systems system;
  private final SubjectProcess process;

  private CacheProcess(Systems system, SubjectProcess process) {
    this.system = system;
    this.process = process;
  }

  /// @param jetCacheJedis the version of Jedis that JetCache is built for, in place of ours
  static CacheProcess start(Systems system, Stores stores, Path logs, Path jetCacheJedis)
      throws Exception {
    String own = System.getProperty("java.class.path");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms512m",
            "-Xmx1g",
            "-classpath",
            system == Systems.JETCACHE ? withJedis(own, jetCacheJedis) : own,
            CacheSubjectMain.class.getName(),
            system.name(),
            stores.databaseUrl(),
            stores.redisUrl());
    return new CacheProcess(system, SubjectProcess.start(system.name(), logs, command));
  }

  private static String withJedis(String classPath, Path jedis) {
    return Stream.concat(
            Stream.of(jedis.toString()),
            Arrays.stream(classPath.split(SEPARATOR))
                .filter(jar -> !Path.of(jar).getFileName().toString().matches("jedis-.*\\.jar")))
        .collect(Collectors.joining(SEPARATOR));
  }

  Systems system() {
    return system;
  }

  HitHarness.Sample hit(int threads, long millis) throws InterruptedException {
    ObjectNode answer = process.call(request("hit").put("threads", threads).put("millis", millis));
    return new HitHarness.Sample(
        number(answer, "nanos"), number(answer, "bytes"), number(answer, "per_second"));
  }

  FarHarness.Sample far(int threads, long millis) throws InterruptedException {
    ObjectNode answer = process.call(request("far").put("threads", threads).put("millis", millis));
    return new FarHarness.Sample(
        number(answer, "p50"), number(answer, "p99"), number(answer, "per_second"));
  }

  VisibleHarness.Sample visible(int times) throws InterruptedException {
    ObjectNode answer = process.call(request("visible").put("times", times));
    return new VisibleHarness.Sample(
        number(answer, "p50"),
        number(answer, "p99"),
        number(answer, "call"),
        answer.get("never").intValue());
  }

  /// Loads a key.
  double stampede(int threads, int keys) throws InterruptedException {
    return number(
        process.call(request("stampede").put("threads", threads).put("keys", keys)), "loads");
  }

  /// Microseconds of the invalidation of a tag that so many entries carry. Ours only.
  double tag(int entries, int times) throws InterruptedException {
    return number(process.call(request("tag").put("entries", entries).put("times", times)), "call");
  }

  /// Keys found stale.
  int race(int keys, long active, long rest) throws InterruptedException {
    return process
        .call(request("race").put("keys", keys).put("active", active).put("rest", rest))
        .get("stale")
        .intValue();
  }

  /// Of all keys found stale, how many still are.
  int recheck() throws InterruptedException {
    return process.call(request("recheck")).get("stale").intValue();
  }

  @Override
  public void close() {
    process.close();
  }

  private static ObjectNode request(String what) {
    return Protocol.message().put("do", what);
  }

  private static double number(ObjectNode answer, String name) {
    return answer.get(name).doubleValue();
  }
}
