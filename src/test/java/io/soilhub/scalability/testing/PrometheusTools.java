package io.soilhub.scalability.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Prometheus and its checkers, for tests that let them judge what the service says: from the PATH,
/// or out of Debian's packages, unpacked below `target/debian` without root and kept there. Where
/// neither can be had they are empty, and [#reason] says why, for the test to be skipped with.
public final class PrometheusTools {

  private static final Path UNPACKED = Path.of("target", "debian").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// What was tried in this JVM, by package: empty when it is there, else why it is not.
  private static final Map<String, Optional<String>> TRIED = new HashMap<>();

  private PrometheusTools() {}

  public static Optional<Path> promtool() {
    return program("promtool", "prometheus");
  }

  public static Optional<Path> prometheus() {
    return program("prometheus", "prometheus");
  }

  public static Optional<Path> amtool() {
    return program("amtool", "prometheus-alertmanager");
  }

  /// Why what was asked for is not there.
  public static synchronized String reason() {
    return String.join("; ", TRIED.values().stream().flatMap(Optional::stream).toList());
  }

  private static synchronized Optional<Path> program(String name, String debianPackage) {
    Optional<Path> installed = onPath(name);
    if (installed.isPresent()) {
      return installed;
    }
    Path program = UNPACKED.resolve(debianPackage).resolve("usr/bin").resolve(name);
    if (!Files.isExecutable(program)) {
      TRIED.computeIfAbsent(debianPackage, PrometheusTools::fetch);
    }
    return Optional.of(program).filter(Files::isExecutable);
  }

  private static Optional<Path> onPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Unpacks beside its place and moves it there whole, so that a run that is killed leaves no half
  /// of it.
  private static Optional<String> fetch(String name) {
    try {
      Files.createDirectories(UNPACKED);
      Path folder = Files.createTempDirectory(UNPACKED, name);
      Optional<String> failed = download(name, folder);
      if (failed.isPresent()) {
        return failed;
      }
      Path root = folder.resolve("root");
      failed = run(folder, List.of("dpkg-deb", "-x", archive(folder).toString(), root.toString()));
      if (failed.isPresent()) {
        return failed;
      }
      Files.move(root, UNPACKED.resolve(name));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// With the lists that the machine has, or, where it has none, with lists of this folder.
  private static Optional<String> download(String name, Path folder) throws IOException {
    Optional<String> failed = run(folder, List.of("apt-get", "download", name));
    if (failed.isEmpty()) {
      return failed;
    }
    Files.createDirectories(folder.resolve("lists/partial"));
    Files.createDirectories(folder.resolve("cache/archives/partial"));
    List<String> own =
        List.of(
            "apt-get",
            "-o",
            "Dir::State::Lists=" + folder.resolve("lists"),
            "-o",
            "Dir::Cache=" + folder.resolve("cache"),
            "-o",
            "APT::Sandbox::User=",
            "-o",
            "Acquire::http::Timeout=20");
    Optional<String> update = run(folder, appended(own, "update"));
    return update.isPresent() ? update : run(folder, appended(own, "download", name));
  }

  private static List<String> appended(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static Path archive(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
    }
  }

  /// @return why it failed
  private static Optional<String> run(Path folder, List<String> command) throws IOException {
    Path output = folder.resolve("output.txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return Optional.of("%s takes longer than %s".formatted(command, LIMIT));
      }
      return process.exitValue() == 0
          ? Optional.empty()
          : Optional.of("%s: %s".formatted(command, Files.readString(output).strip()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      return Optional.of("%s cannot be run: %s".formatted(command, e.getMessage()));
    }
  }
}
