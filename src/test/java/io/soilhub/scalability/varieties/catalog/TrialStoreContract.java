package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.varieties.recommendation.Tables;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every store of trials does.
abstract class TrialStoreContract {

  abstract TrialStore store();

  @Test
  void givesBackWhatWasSaved() {
    DataSet data =
        Tables.threeVarieties()
            .variety("soy", Map.of(Trait.MATURITY_GROUP, 2.5, Trait.HEAT_UNITS, 2_800.0))
            .yields("soy", "nowhere", 2022, 50.25)
            .constants(new VarianceComponents(0, 58, 22, 96, 843))
            .synthetic()
            .dataSet("contract_saved", "corn");

    assertThat(store().save(data, "hash")).isTrue();
    DataSet loaded = store().load("contract_saved").orElseThrow();

    assertThat(loaded).usingRecursiveComparison().ignoringFields("table").isEqualTo(data);
    TrialTable table = loaded.table();
    assertThat(table.varieties()).isEqualTo(data.table().varieties());
    assertThat(table.sites()).isEqualTo(data.table().sites());
    assertThat(table.environments()).isEqualTo(data.table().environments());
    for (int row = 0; row < table.rows(); row++) {
      assertThat(table.yield(row)).isEqualTo(data.table().yield(row));
      assertThat(table.environment(row)).isEqualTo(data.table().environment(row));
    }
  }

  @Test
  void theSameContentAgainChangesNothing() {
    DataSet data = Tables.threeVarieties().dataSet("contract_again", "corn");
    store().save(data, "one");
    long version = store().version();

    assertThat(store().save(data, "one")).isFalse();
    assertThat(store().version()).isEqualTo(version);
    assertThat(store().contentHash("contract_again")).contains("one");
  }

  @Test
  void otherContentReplacesTheSetAndRaisesTheVersions() {
    DataSet first = Tables.threeVarieties().dataSet("contract_replaced", "corn");
    DataSet second =
        new Tables().yields("other", "x", 2020, 1, 2, 3).dataSet("contract_replaced", "barley");
    store().save(first, "one");
    TrialStore.Versions before = store().versions();

    assertThat(store().save(second, "two")).isTrue();

    TrialStore.Versions after = store().versions();
    assertThat(after.whole()).isGreaterThan(before.whole()).isEqualTo(store().version());
    assertThat(after.sets().get("contract_replaced"))
        .isGreaterThan(before.sets().get("contract_replaced"));
    DataSet loaded = store().load("contract_replaced").orElseThrow();
    assertThat(loaded.cropId()).isEqualTo("barley");
    assertThat(loaded.table().rows()).isEqualTo(3);
  }

  @Test
  void whatIsNotThereIsEmpty() {
    assertThat(store().load("contract_missing")).isEmpty();
    assertThat(store().contentHash("contract_missing")).isEmpty();
  }
}
