package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A job system under measure in a process of its own, which stays warm over the rounds.
public final class SubjectProcess implements AutoCloseable {

  /// A job began to run in this process.
  ///
  /// @param nanos when the line arrived
  record Began(int number, long nanos) {}

  private static final int LONGEST_ANSWER_SECONDS = 300;

  private final String name;
  private final Process process;
  private final PrintStream requests;
  private final BlockingQueue<ObjectNode> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<Began> begun = new LinkedBlockingQueue<>();

  private SubjectProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
  }

  /// @param logs where its standard error goes
  static SubjectProcess java(String name, Stores stores, Path logs) throws Exception {
    return start(
        name,
        logs,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms512m",
            "-Xmx1g",
            "-classpath",
            System.getProperty("java.class.path"),
            SubjectMain.class.getName(),
            name,
            stores.databaseUrl(),
            stores.redisUrl()));
  }

  static SubjectProcess bullmq(Stores stores, Path logs) throws Exception {
    return start("bullmq", logs, List.of("node", "bullmq/subject.js", stores.redisUrl()));
  }

  /// @param command a program that says when it is ready and answers each line with another
  public static SubjectProcess start(String name, Path logs, List<String> command)
      throws IOException, InterruptedException {
    File log = logs.resolve(name + ".log").toFile();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
    SubjectProcess subject = new SubjectProcess(name, process);
    subject.awaitAnswer();
    return subject;
  }

  @Override
  public String toString() {
    return name;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /// @throws IllegalStateException when the subject answers with an error or not in time
  public ObjectNode call(ObjectNode request) throws InterruptedException {
    requests.println(request);
    return awaitAnswer();
  }

  /// What began since the last call of this.
  List<Began> begun() {
    List<Began> result = new java.util.ArrayList<>();
    begun.drainTo(result);
    return result;
  }

  /// kill -9.
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    requests.close();
    awaitEnd(process);
  }

  /// Waits until a process that was asked to end has ended, and kills it when it does not.
  static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode awaitAnswer() throws InterruptedException {
    ObjectNode answer = answers.poll(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
    if (answer == null || answer.has("error")) {
      String reason = answer == null ? "no answer" : answer.get("error").asText();
      throw new IllegalStateException(name + ": " + reason);
    }
    return answer;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Protocol.isMessage(line)) {
          receive(Protocol.parse(line));
        }
      }
    } catch (IOException e) {
      // a killed process closes its pipe in the middle
    }
    answers.add(Protocol.message().put("error", "ended"));
  }

  private void receive(ObjectNode message) {
    if (message.has("began")) {
      begun.add(new Began(message.get("began").intValue(), System.nanoTime()));
    } else {
      answers.add(message);
    }
  }
}
