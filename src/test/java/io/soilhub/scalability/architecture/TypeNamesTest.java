package io.soilhub.scalability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// One name stands for one thing: no two top-level types of the sources, the tests and the
/// benchmarks have the same simple name.
class TypeNamesTest {

  private static final Path VIOLATIONS =
      Path.of("src/test/java/io/soilhub/scalability/architecture/violations");

  @Test
  void noNameStandsForTwoTypes() throws IOException {
    assertThat(collisions(List.of(Path.of("src"), Path.of("bench/src")), VIOLATIONS)).isEmpty();
  }

  @Test
  void aCollisionIsFound() throws IOException {
    assertThat(collisions(List.of(VIOLATIONS), Path.of("none"))).containsOnlyKeys("Twin.java");
  }

  private static Map<String, List<Path>> collisions(List<Path> roots, Path without)
      throws IOException {
    Map<String, List<Path>> byName = new TreeMap<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        byName.putAll(
            Stream.concat(
                    byName.values().stream().flatMap(List::stream),
                    files
                        .filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("package-info.java"))
                        .filter(file -> !file.startsWith(without)))
                .collect(Collectors.groupingBy(file -> file.getFileName().toString())));
      }
    }
    byName.values().removeIf(files -> files.size() == 1);
    return byName;
  }
}
