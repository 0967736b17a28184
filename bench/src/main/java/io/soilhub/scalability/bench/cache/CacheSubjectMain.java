package io.soilhub.scalability.bench.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.bench.Protocol;
import io.soilhub.scalability.bench.cache.CacheSubject.Replica;
import io.soilhub.scalability.bench.cache.CacheSubject.Shape;
import io.soilhub.scalability.bench.cache.OursCacheSubject.Ours;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The process of one system: answers one line of JSON with another until its input ends. Replicas
/// stay open over the rounds, and with them whatever the compiler learned.
final class CacheSubjectMain {

  private static final int VALUE_BYTES = 500;

  private final CacheSubject subject;
  private final List<Replica> replicas;
  private final RaceHarness race;
  private HitHarness hits;
  private FarHarness far;
  private int stampedes;

  private CacheSubjectMain(CacheSubject subject, boolean alone) {
    this.subject = subject;
    Replica first = subject.open(Shape.NEAR_AND_FAR);
    this.replicas = alone ? List.of(first) : List.of(first, subject.open(Shape.NEAR_AND_FAR));
    this.race = new RaceHarness(replicas);
  }

  /// @param arguments a name of [Systems], DATABASE_URL, REDIS_URL
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    PrintStream out = System.out;
    Systems system = Systems.valueOf(arguments[0]);
    boolean alone = system == Systems.CAFFEINE || system == Systems.CAFFEINE_TIMED;
    CacheSubject subject = system.subject(arguments[1], arguments[2]);
    CacheSubjectMain main = new CacheSubjectMain(subject, alone);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Protocol.send(out, Protocol.message().put("ready", true));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Protocol.send(out, main.answer(Protocol.parse(line)));
      }
    }
    main.replicas.forEach(Replica::close);
    subject.close();
    System.exit(0);
  }

  private ObjectNode answer(ObjectNode request) {
    ObjectNode answer = Protocol.message();
    try {
      switch (request.get("do").textValue()) {
        case "race" -> race(request, answer);
        case "recheck" -> answer.put("stale", race.recheck());
        case "hit" -> hit(request, answer);
        case "far" -> far(request, answer);
        case "visible" -> visible(request, answer);
        case "stampede" -> stampede(request, answer);
        case "tag" -> tag(request, answer);
        default -> throw new IllegalArgumentException("unknown request " + request);
      }
    } catch (Exception e) {
      e.printStackTrace();
      answer.put("error", e.toString());
    }
    return answer;
  }

  private void race(ObjectNode request, ObjectNode answer) throws InterruptedException {
    subject.source().latency(Duration.ofMillis(1));
    int keys = request.get("keys").intValue();
    long active = request.get("active").longValue();
    int stale = race.round(keys, active, request.get("rest").longValue());
    subject.source().latency(Duration.ZERO);
    answer.put("stale", stale);
  }

  private void hit(ObjectNode request, ObjectNode answer) throws InterruptedException {
    if (hits == null) {
      hits = new HitHarness(replicas.getFirst(), subject.source(), "hit:", VALUE_BYTES);
    }
    HitHarness.Sample sample =
        hits.measure(request.get("threads").intValue(), request.get("millis").longValue());
    answer.put("nanos", sample.nanos()).put("bytes", sample.bytes());
    answer.put("per_second", sample.perSecond());
  }

  private void far(ObjectNode request, ObjectNode answer) throws InterruptedException {
    if (far == null) {
      far = new FarHarness(subject.open(Shape.FAR), subject.source(), VALUE_BYTES);
    }
    FarHarness.Sample sample =
        far.measure(request.get("threads").intValue(), request.get("millis").longValue());
    answer.put("p50", sample.p50()).put("p99", sample.p99());
    answer.put("per_second", sample.perSecond());
  }

  private void visible(ObjectNode request, ObjectNode answer) throws InterruptedException {
    VisibleHarness.Sample sample =
        new VisibleHarness(replicas.getFirst(), replicas.getLast())
            .measure(request.get("times").intValue());
    answer.put("p50", sample.p50()).put("p99", sample.p99());
    answer.put("call", sample.callP50()).put("never", sample.never());
  }

  private void stampede(ObjectNode request, ObjectNode answer) throws InterruptedException {
    double loads =
        new StampedeHarness(replicas, subject.source())
            .measure(
                request.get("threads").intValue(), request.get("keys").intValue(), stampedes++);
    answer.put("loads", loads);
  }

  private void tag(ObjectNode request, ObjectNode answer) throws InterruptedException {
    if (replicas.getFirst() instanceof Ours writer && replicas.getLast() instanceof Ours reader) {
      answer.put(
          "call",
          new TagHarness(writer, reader, subject.source())
              .measure(request.get("entries").intValue(), request.get("times").intValue()));
    } else {
      throw new UnsupportedOperationException("it has no tags");
    }
  }
}
