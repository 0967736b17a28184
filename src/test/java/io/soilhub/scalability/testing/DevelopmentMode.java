package io.soilhub.scalability.testing;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `mvn process-classes liberty:dev` in a copy of the project, whose files a test may change.
public final class DevelopmentMode implements AutoCloseable {

  private final Path project;
  private final Path log;
  private final int port = Ports.free();
  private final ProcessBuilder command;
  private Process maven;

  private DevelopmentMode(Path project, Map<String, String> environment, String... options) {
    this.project = project;
    this.log = project.resolve("console.log");
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(property("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-Dmaven.repo.local=" + property("maven.repository"),
                // By time stamps: what was compiled for these tests is taken as it is.
                "-Dmaven.compiler.useIncrementalCompilation=false",
                // The port of the debugger would be a fixed one.
                "-Ddebug=false"));
    words.addAll(List.of(options));
    words.addAll(List.of("process-classes", "liberty:dev"));
    this.command =
        new ProcessBuilder(words)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    command.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    command.environment().putAll(environment);
    command.environment().put("PORT", Integer.toString(port));
  }

  /// Copies what Maven needs to start the service, with the classes as they are compiled.
  ///
  /// @param environment the service's variables, for instance DATABASE_URL
  /// @param options of Maven
  public static DevelopmentMode of(Map<String, String> environment, String... options) {
    try {
      Path base = Files.createDirectories(Path.of("target", "development-mode"));
      Path project = Files.createTempDirectory(base, "project").toAbsolutePath();
      for (String part : List.of("pom.xml", "src/main", "src/build", "db", "target/classes")) {
        copy(Path.of(part), project.resolve(part));
      }
      return new DevelopmentMode(project, environment, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void start() {
    try {
      maven = command.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public HttpCalls http() {
    return new HttpCalls(URI.create("http://localhost:" + port));
  }

  /// What Maven and the server wrote so far.
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void awaitOutput(String text, Duration limit) {
    Await.until(
        () -> "'%s' in%n%s".formatted(text, output()),
        limit,
        () -> !maven.isAlive() || output().contains(text));
    if (!maven.isAlive()) {
      throw new AssertionError("Maven ended:\n" + output());
    }
  }

  /// Writes a file of the project.
  public void write(Path file, String text) {
    try {
      Files.createDirectories(project.resolve(file).getParent());
      Files.writeString(project.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Changes a file of the project.
  ///
  /// @throws IllegalArgumentException when the file does not hold the text
  public void replace(Path file, String text, String other) {
    try {
      String before = Files.readString(project.resolve(file));
      if (!before.contains(text)) {
        throw new IllegalArgumentException("'%s' is not in %s".formatted(text, file));
      }
      write(file, before.replace(text, other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Presses Enter in the terminal.
  public void enter() {
    type("\n");
  }

  /// Ends development mode as its help says, and all processes that are left.
  @Override
  public void close() {
    if (maven == null) {
      return;
    }
    List<ProcessHandle> below = maven.descendants().toList();
    try {
      if (maven.isAlive()) {
        type("q\n");
      }
      maven.waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException _) {
      // it ended by itself
    } finally {
      maven.destroyForcibly();
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private void type(String text) {
    try {
      maven.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      maven.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = from.equals(file) ? to : to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, COPY_ATTRIBUTES);
      }
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: run this test with mvn verify");
    }
    return value;
  }
}
