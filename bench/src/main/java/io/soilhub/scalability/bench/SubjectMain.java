package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The process of a Java subject: answers one line of JSON with another until its input ends.
final class SubjectMain {

  private static final int LONGEST_MEASURE_SECONDS = 120;
  private static final int SUBMITTERS = 16;

  private final Subject subject;
  private final PrintStream out;
  private final ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);

  private SubjectMain(Subject subject, PrintStream out) {
    this.subject = subject;
    this.out = out;
  }

  /// @param arguments `ours` or `jobrunr`, then DATABASE_URL and REDIS_URL
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    try (Subject subject = subject(arguments[0], arguments[1], arguments[2]);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      SubjectMain main = new SubjectMain(subject, out);
      Protocol.send(out, Protocol.message().put("ready", true));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Protocol.send(out, main.answer(Protocol.parse(line)));
      }
    }
    System.exit(0);
  }

  private static Subject subject(String name, String databaseUrl, String redisUrl)
      throws Exception {
    return switch (name) {
      case "ours" -> new OursSubject(databaseUrl, redisUrl);
      case "jobrunr" -> new JobRunrSubject(databaseUrl);
      default -> throw new IllegalArgumentException("no subject " + name);
    };
  }

  private ObjectNode answer(ObjectNode request) {
    ObjectNode answer = Protocol.message();
    try {
      switch (request.get("do").textValue()) {
        case "reset" -> subject.reset();
        case "submit" -> submit(request, answer);
        case "process" -> process(request, answer);
        case "pace" -> pace(request, answer);
        case "work" -> subject.work(request.get("slots").intValue(), runs(request));
        case "audit" -> audit(answer);
        default -> throw new IllegalArgumentException("unknown request " + request);
      }
    } catch (Exception e) {
      e.printStackTrace();
      answer.put("error", e.toString());
    }
    return answer;
  }

  private static Runs runs(ObjectNode request) {
    return new Runs(request.get("jobs").intValue());
  }

  private void submit(ObjectNode request, ObjectNode answer) throws Exception {
    int hold = request.path("hold").asInt(0);
    IntFunction<JobPayload> payload = number -> new JobPayload(number, 0, hold);
    List<JobPayload> jobs =
        IntStream.range(0, request.get("jobs").intValue()).mapToObj(payload).toList();
    long begin = System.nanoTime();
    if (request.get("bulk").booleanValue()) {
      for (int from = 0; from < jobs.size(); from += 1000) {
        subject.submitBulk(jobs.subList(from, Math.min(jobs.size(), from + 1000)));
      }
    } else {
      submitOneByOne(jobs);
    }
    answer.put("seconds", (System.nanoTime() - begin) / 1e9);
  }

  private void submitOneByOne(List<JobPayload> jobs)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    List<Future<Void>> all =
        IntStream.range(0, SUBMITTERS)
            .mapToObj(
                _ ->
                    submitters.submit(
                        () -> {
                          for (int i = next.getAndIncrement();
                              i < jobs.size();
                              i = next.getAndIncrement()) {
                            subject.submit(jobs.get(i));
                          }
                          return (Void) null;
                        }))
            .toList();
    for (Future<Void> one : all) {
      one.get();
    }
  }

  private void process(ObjectNode request, ObjectNode answer) throws Exception {
    int jobs = request.get("jobs").intValue();
    Runs runs = new Runs(jobs);
    subject.work(request.get("slots").intValue(), runs);
    runs.awaitAll(LONGEST_MEASURE_SECONDS);
    awaitFinished(jobs);
    answer.put("seconds", runs.secondsSinceFirst());
    subject.rest();
    answer.put("runs", runs.total()).put("distinct", runs.distinct());
    answer.put("finished", subject.finished());
  }

  private void awaitFinished(int jobs) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_MEASURE_SECONDS);
    while (subject.finished() < jobs) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%d of %d finished".formatted(subject.finished(), jobs));
      }
      Thread.sleep(2);
    }
  }

  /// Open loop: the next submission is due when the rate says so, whatever became of those before;
  /// latency counts from then, so that a stall is charged to every job that it delayed.
  private void pace(ObjectNode request, ObjectNode answer) throws Exception {
    int rate = request.get("rate").intValue();
    int jobs = rate * request.get("seconds").intValue();
    Runs runs = new Runs(jobs);
    subject.work(request.get("slots").intValue(), runs);
    AtomicInteger refused = new AtomicInteger();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      long beginNanos = System.nanoTime();
      long beginMicros = Runs.epochMicros();
      for (int i = 0; i < jobs; i++) {
        long dueMicros = i * 1_000_000L / rate;
        awaitNanos(beginNanos + dueMicros * 1000);
        JobPayload job = new JobPayload(i, beginMicros + dueMicros, 0);
        calls.execute(() -> submitOr(job, refused));
      }
    }
    runs.awaitAll(LONGEST_MEASURE_SECONDS);
    subject.rest();
    answer.put("runs", runs.total()).put("refused", refused.get());
    ArrayNode latencies = answer.putArray("latencies");
    for (long latency : runs.latencies()) {
      latencies.add(latency);
    }
  }

  private static void awaitNanos(long due) {
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  private void submitOr(JobPayload job, AtomicInteger refused) {
    try {
      subject.submit(job);
    } catch (Exception e) {
      refused.incrementAndGet();
      e.printStackTrace();
    }
  }

  private void audit(ObjectNode answer) throws Exception {
    answer.put("finished", subject.finished());
    ArrayNode effects = answer.putArray("effects");
    subject.effects().forEach(effects::add);
  }

  /// Tells the benchmark that a run of a job that takes time begins, in case this process does not
  /// live to answer.
  static void announce(JobPayload job) {
    Protocol.send(System.out, Protocol.message().put("began", job.number()));
  }
}
