package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.recommendation.Tables;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VarietyCatalogTest {

  private final StoredInMemory store = new StoredInMemory();
  private final AtomicLong newest = new AtomicLong();
  private final VarietyCatalog varietyCatalog = new VarietyCatalog(store, newest::get);

  @Test
  void theStoreIsLeftAloneWhileTheVersionStays() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    newest.set(1);
    for (int i = 0; i < 100; i++) {
      varietyCatalog.current();
    }

    assertThat(store.versionChecks()).isEqualTo(1);
    assertThat(store.loads()).isEqualTo(1);
  }

  @Test
  void aChangeIsSeenWithTheNewVersionAndOnlyItIsLoaded() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    newest.set(1);
    FittedDataSet before = varietyCatalog.current().all().getFirst();
    store.save(Tables.threeVarieties().dataSet("two", "barley"), "b");

    assertThat(varietyCatalog.current().all()).hasSize(1);
    newest.set(2);
    Catalog after = varietyCatalog.current();

    assertThat(after.all()).hasSize(2);
    assertThat(after.all().getFirst()).isSameAs(before);
    assertThat(store.loads()).isEqualTo(2);
  }

  @Test
  void aVersionThatLagsBehindTakesNothingBack() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    newest.set(1);
    varietyCatalog.current();
    store.save(Tables.threeVarieties().dataSet("two", "barley"), "b");

    Catalog refreshed = varietyCatalog.refresh();

    assertThat(refreshed.all()).hasSize(2);
    assertThat(varietyCatalog.current()).isSameAs(refreshed);
    assertThat(store.loads()).isEqualTo(2);
  }

  /// A CDN must not keep it: nothing would purge it once more when the load has ended.
  @Test
  void aCatalogThatIsGivenWhileAnotherIsLoadedIsNotTheNewest() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    newest.set(1);
    Catalog old = varietyCatalog.current();
    assertThat(varietyCatalog.isNewest(old)).isTrue();
    store.save(Tables.threeVarieties().dataSet("two", "barley"), "b");
    newest.set(2);

    assertThat(varietyCatalog.isNewest(old)).isFalse();
    assertThat(varietyCatalog.isNewest(varietyCatalog.current())).isTrue();
  }

  @Test
  void warmingUpLoadsWhatIsStored() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    newest.set(1);

    assertThat(varietyCatalog.keys()).containsExactly("one");
    assertThat(varietyCatalog.warm("one")).isTrue();
    assertThat(varietyCatalog.warm("gone")).isFalse();
    assertThat(store.loads()).isEqualTo(1);
  }

  @Test
  void madeUpTrialsCountUntilTheCropHasRealOnes() {
    store.save(Tables.threeVarieties().synthetic().dataSet("demo", "corn"), "a");
    assertThat(varietyCatalog.refresh().used())
        .extracting(set -> set.data().id())
        .containsExactly("demo");
    assertThat(find(varietyCatalog.refresh(), "corn", Tables.HOME)).isEqualTo("demo");

    store.save(Tables.threeVarieties().dataSet("real", "corn"), "b");
    Catalog catalog = varietyCatalog.refresh();

    assertThat(catalog.used()).extracting(set -> set.data().id()).containsExactly("real");
    assertThat(find(catalog, "corn", Tables.HOME)).isEqualTo("real");
    assertThat(Loaded.dataSets(catalog, new PageRequest(50, List.of())).items())
        .extracting(Loaded.DataSetItem::datasetId, Loaded.DataSetItem::used)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("demo", false),
            org.assertj.core.groups.Tuple.tuple("real", true));
  }

  @Test
  void whatIsLoadedComesInPages() {
    store.save(Tables.threeVarieties().dataSet("one", "corn"), "a");
    store.save(Tables.threeVarieties().dataSet("two", "oats"), "b");
    Catalog catalog = varietyCatalog.refresh();

    Page<Loaded.CropItem> first = Loaded.crops(catalog, PageRequest.of("1", null, 1));
    Page<Loaded.CropItem> second =
        Loaded.crops(catalog, PageRequest.of("1", first.nextCursor().orElseThrow(), 1));

    assertThat(first.items()).extracting(Loaded.CropItem::cropId).containsExactly("corn");
    assertThat(second.items()).extracting(Loaded.CropItem::cropId).containsExactly("oats");
    assertThat(second.nextCursor()).isEmpty();
  }

  @Test
  void theSetWithTheNearestTrialAnswers() {
    store.save(Tables.threeVarieties().dataSet("west", "corn"), "a");
    store.save(
        new Tables()
            .site("east", new GeoPoint(42, -80))
            .yields("v", "east", 2020, 1, 2, 3)
            .dataSet("east", "corn"),
        "b");
    store.save(new Tables().yields("w", "coded", 2024, 1, 2).dataSet("coded", "corn"), "c");
    Catalog catalog = varietyCatalog.refresh();

    assertThat(find(catalog, "corn", new GeoPoint(42, -89))).isEqualTo("west");
    assertThat(find(catalog, "corn", new GeoPoint(42, -81))).isEqualTo("east");
    assertThat(
            catalog
                .find("corn", new GeoPoint(42, -81), Optional.of("coded"))
                .orElseThrow()
                .data()
                .id())
        .isEqualTo("coded");
    assertThat(catalog.find("corn", new GeoPoint(42, -81), Optional.of("none"))).isEmpty();
  }

  @Test
  void cropsAnswerToTheirSynonymsAndToTheirOnlyKind() {
    store.save(Tables.threeVarieties().dataSet("a", "winter_wheat"), "a");
    store.save(Tables.threeVarieties().dataSet("b", "soybean"), "b");
    Catalog catalog = varietyCatalog.refresh();

    assertThat(catalog.known("wheat")).isEqualTo("winter_wheat");
    assertThat(catalog.known("soy")).isEqualTo("soybean");
    assertThat(catalog.known("maize")).isEqualTo("maize");
    assertThat(find(catalog, "wheat", Tables.HOME)).isEqualTo("a");

    store.save(Tables.threeVarieties().dataSet("c", "spring_wheat"), "c");
    assertThat(varietyCatalog.refresh().known("wheat")).isEqualTo("wheat");
  }

  @Test
  void foldersAreImportedOnceAndABadSetDoesNotKeepOthersOut(@TempDir Path folder)
      throws java.io.IOException {
    java.nio.file.Files.writeString(folder.resolve("bad.csv"), "variety,location\n");
    java.nio.file.Files.writeString(
        folder.resolve("datasets.json"),
        """
        {"datasets": [{"dataset_id": "bad", "crop_id": "corn", "name": "n", "source": "s",
          "licence": "l", "trials": "bad.csv", "yield_unit": "t/ha"}]}
        """);
    FolderImport twice =
        new FolderImport(
            List.of(DataSetFolder.of(folder), DataSetFolder.onClassPath("demonstration")),
            store,
            () -> 0);
    twice.step();
    long version = store.version();
    new FolderImport(List.of(DataSetFolder.onClassPath("demonstration")), store, () -> 0).step();

    assertThat(twice.done()).isTrue();
    assertThat(store.versions().sets()).containsOnlyKeys("demonstration_corn");
    assertThat(store.version()).isEqualTo(version).isEqualTo(1);
  }

  private static String find(Catalog catalog, String crop, GeoPoint place) {
    return catalog.find(crop, place, Optional.empty()).orElseThrow().data().id();
  }
}
