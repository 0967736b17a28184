package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PhasesTest {

  private static final Path MAIN = Path.of("src/main/java");
  private static final Pattern OBSERVER =
      Pattern.compile("@Observes\\s+(?:@Priority\\(([^)]*)\\)\\s+)?(Startup|Shutdown)\\b");
  private static final Pattern START = Pattern.compile("Phases\\.([A-Z_]+)");
  private static final Pattern STOP = Pattern.compile("Phases\\.STOP - Phases\\.([A-Z_]+)");

  /// An observer of the start or the stop of the application, with its priority in the source.
  private record Observer(Path file, String priority, String event) {

    boolean starts() {
      return event.equals("Startup");
    }

    /// Empty when the priority is not that of a phase.
    String phase() {
      Matcher named = (starts() ? START : STOP).matcher(priority);
      return named.matches() ? named.group(1) : "";
    }
  }

  @Test
  void everythingStartsAndStopsInAPhase() {
    List<Observer> observers = observers();
    assertThat(observers).filteredOn(Observer::starts).hasSizeGreaterThan(15);
    assertThat(observers).allSatisfy(observer -> assertThat(observer.phase()).isNotEmpty());
  }

  @Test
  void whatStartsInAPhaseStopsInIt() {
    List<Observer> observers = observers();
    assertThat(observers)
        .filteredOn(observer -> !observer.starts())
        .allSatisfy(
            stop ->
                assertThat(observers)
                    .filteredOn(start -> start.starts() && start.file().equals(stop.file()))
                    .extracting(Observer::phase)
                    .containsOnly(stop.phase()));
  }

  @Test
  void eachPhaseHasAPlaceOfItsOwn() throws IllegalAccessException {
    List<Integer> places = new ArrayList<>();
    for (Field constant : Phases.class.getFields()) {
      places.add(constant.getInt(null));
    }
    assertThat(places).doesNotHaveDuplicates().allMatch(place -> place <= Phases.STOP);
  }

  private static List<Observer> observers() {
    List<Observer> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher matcher = OBSERVER.matcher(Files.readString(file));
        while (matcher.find()) {
          String priority =
              matcher.group(1) == null ? "" : matcher.group(1).replaceAll("\\s+", " ");
          found.add(new Observer(file, priority, matcher.group(2)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
