package io.soilhub.scalability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Size budgets, to notice when a file or a package holds a second thing that wants a room of its
/// own.
class SourceSizeTest {

  private static final Path MAIN = Path.of("src/main/java/io/soilhub/scalability");
  private static final int FILE_LINES = 300;

  /// A room should hold 25; a class must not land in the wrong one because the right one is full.
  private static final int PACKAGE_FILES = 32;

  @Test
  void filesStayBelowTheirBudget() {
    assertThat(sources().filter(file -> lines(file) > FILE_LINES)).isEmpty();
  }

  @Test
  void packagesStayBelowTheirBudget() {
    Map<Path, Integer> sizes = new TreeMap<>();
    sources()
        .filter(file -> !file.endsWith("package-info.java"))
        .forEach(file -> sizes.merge(file.getParent(), 1, Integer::sum));
    assertThat(sizes)
        .isNotEmpty()
        .allSatisfy((_, files) -> assertThat(files).isLessThanOrEqualTo(PACKAGE_FILES));
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    List<Path> packages = sources().map(Path::getParent).distinct().toList();
    assertThat(packages).allSatisfy(p -> assertThat(p.resolve("package-info.java")).exists());
  }

  private static Stream<Path> sources() {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return (int) lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
