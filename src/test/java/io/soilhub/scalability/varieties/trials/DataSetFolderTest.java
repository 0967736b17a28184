package io.soilhub.scalability.varieties.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetFolderTest {

  private static final VarianceComponents FITTED = new VarianceComponents(1, 2, 3, 4, 5);

  @TempDir Path folder;

  @BeforeEach
  void writeTables() throws IOException {
    Files.writeString(
        folder.resolve("trials.csv"), "variety,location,year,yield_t_ha\na,x,2020,4\nb,x,2020,5\n");
    Files.writeString(folder.resolve("sites.csv"), "location,lat,lon\nx,50,8\n");
  }

  @Test
  void readsADataSetWithItsSites() throws IOException {
    manifest(
        "\"sites\": \"sites.csv\", \"constants\": "
            + "{\"vg\": 1, \"vl\": 0, \"vy\": 0, \"ve\": 2, \"length_km\": null},");

    DataSet data = only().load(_ -> FITTED);

    assertThat(data.id()).isEqualTo("wheat_test");
    assertThat(data.unit()).isEqualTo(YieldUnit.T_HA);
    assertThat(data.constants()).isEqualTo(new VarianceComponents(1, 0, 0, 2, 0));
    assertThat(data.synthetic()).isFalse();
    assertThat(data.table().sites().getFirst().place()).contains(new GeoPoint(50, 8));
    assertThat(data.sha256())
        .isEqualTo(Sha256.fingerprint(Files.readAllBytes(folder.resolve("trials.csv"))))
        .hasSize(64);
  }

  @Test
  void constantsThatAreNotGivenAreFitted() throws IOException {
    manifest("");

    assertThat(only().load(_ -> FITTED).constants()).isEqualTo(FITTED);
  }

  @Test
  void theContentHashCoversEveryFile() throws IOException {
    manifest("\"sites\": \"sites.csv\",");
    String before = only().contentHash();
    assertThat(only().contentHash()).isEqualTo(before);

    Files.writeString(folder.resolve("sites.csv"), "location,lat,lon\nx,51,8\n");
    String sitesChanged = only().contentHash();
    Files.writeString(
        folder.resolve("trials.csv"), "variety,location,year,yield_t_ha\na,x,2020,4\n");
    String trialsChanged = only().contentHash();
    manifest("\"sites\": \"sites.csv\", \"constants_fitted\": \"today\",");

    assertThat(before).isNotEqualTo(sitesChanged).isNotEqualTo(trialsChanged);
    assertThat(only().contentHash()).isNotIn(before, sitesChanged, trialsChanged);
  }

  @Test
  void badLinesStopTheSetUnlessTheManifestTakesTheOthers() throws IOException {
    Files.writeString(
        folder.resolve("trials.csv"), "variety,location,year,yield_t_ha\na,x,2020,4\nb,x,?,5\n");
    manifest("");
    assertThatThrownBy(() -> only().load(_ -> FITTED))
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("year '?'");

    manifest("\"keep_good_lines\": true,");
    assertThat(only().load(_ -> FITTED).table().rows()).isEqualTo(1);
  }

  @Test
  void filesOutsideTheFolderAreNotRead() throws IOException {
    manifest("\"sites\": \"../../etc/passwd\",");

    assertThatThrownBy(() -> only().contentHash())
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("outside the folder");
  }

  @Test
  void aMissingOrMisspeltManifestIsSaid() throws IOException {
    assertThatThrownBy(() -> DataSetFolder.of(folder).entries())
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("datasets.json");
    manifest("\"sitess\": \"sites.csv\",");
    assertThatThrownBy(() -> DataSetFolder.of(folder).entries())
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("sitess");
  }

  @Test
  void theShippedDemonstrationIsFlaggedSynthetic() {
    assertThat(DataSetFolder.onClassPath("demonstration").entries())
        .singleElement()
        .satisfies(
            entry -> {
              DataSet data = entry.load(_ -> FITTED);
              assertThat(data.synthetic()).isTrue();
              assertThat(data.cropId()).isEqualTo("corn");
              assertThat(data.table().rows()).isGreaterThan(300);
            });
  }

  private DataSetFolder.DataSetSource only() {
    return DataSetFolder.of(folder).entries().getFirst();
  }

  private void manifest(String more) throws IOException {
    Files.writeString(
        folder.resolve("datasets.json"),
        """
        {"datasets": [{"dataset_id": "wheat_test", "crop_id": "wheat", "name": "Test",
          "source": "test", "licence": "none", "trials": "trials.csv", %s "yield_unit": "t/ha"}]}
        """
            .formatted(more));
  }
}
