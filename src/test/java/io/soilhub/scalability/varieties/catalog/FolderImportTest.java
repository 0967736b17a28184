package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FolderImportTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Refusing store = new Refusing();
  private final FolderImport folders =
      new FolderImport(List.of(DataSetFolder.onClassPath("demonstration")), store, nanos::get);

  @Test
  void thePauseDoublesUpToAMinute() {
    List<Long> tries = new ArrayList<>();
    for (long second = 0; second < 300; second++) {
      nanos.set(Duration.ofSeconds(second).toNanos());
      int before = store.asked;
      folders.step();
      if (store.asked > before) {
        tries.add(second);
      }
    }
    assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L);
    assertThat(folders.done()).isFalse();
  }

  @Test
  void theReasonIsSaidWithoutItsInside() {
    folders.step();
    assertThat(folders.obstacles())
        .containsExactly("demonstration_corn: The import failed unexpectedly; the log says how.");
  }

  @Test
  void afterASuccessNothingIsTriedAgain() {
    folders.step();
    store.refuses = false;
    nanos.set(Duration.ofSeconds(1).toNanos());
    folders.step();
    assertThat(folders.done()).isTrue();
    assertThat(folders.obstacles()).isEmpty();
    int asked = store.asked;
    nanos.set(Duration.ofHours(1).toNanos());
    folders.step();
    assertThat(store.asked).isEqualTo(asked);
  }

  /// Takes nothing until told otherwise.
  private static final class Refusing implements TrialStore {

    private final StoredInMemory taken = new StoredInMemory();
    private boolean refuses = true;
    private int asked;

    @Override
    public long version() {
      return taken.version();
    }

    @Override
    public Versions versions() {
      return taken.versions();
    }

    @Override
    public Optional<DataSet> load(String datasetId) {
      return taken.load(datasetId);
    }

    @Override
    public Optional<String> contentHash(String datasetId) {
      return taken.contentHash(datasetId);
    }

    @Override
    public boolean save(DataSet data, String contentHash) {
      asked++;
      if (refuses) {
        throw new IllegalStateException("a secret of the inside");
      }
      return taken.save(data, contentHash);
    }
  }
}
