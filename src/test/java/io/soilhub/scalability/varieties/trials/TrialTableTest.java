package io.soilhub.scalability.varieties.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialTableTest {

  private static final List<Variety> VARIETIES =
      List.of(new Variety("a", ""), new Variety("b", ""));

  @Test
  void severalRowsOfOneVarietyInOneSiteYearBecomeTheirMean() {
    TrialTable table =
        table(
            new Observation("a", "x", 2020, 4),
            new Observation("b", "x", 2020, 3),
            new Observation("a", "x", 2020, 6));

    assertThat(table.rows()).isEqualTo(2);
    assertThat(table.siteYears(0)).isEqualTo(1);
    assertThat(table.yield(table.start(0))).isEqualTo(5);
  }

  @Test
  void theOrderOfRowsDoesNotShow() {
    Observation[] rows = {
      new Observation("b", "y", 2021, 1),
      new Observation("a", "y", 2020, 2),
      new Observation("a", "x", 2021, 3),
      new Observation("a", "x", 2021, 5)
    };
    TrialTable one = table(rows);
    TrialTable other = table(rows[3], rows[1], rows[2], rows[0]);

    assertThat(other.varieties()).isEqualTo(one.varieties());
    assertThat(other.environments()).isEqualTo(one.environments());
    assertThat(IntStream.range(0, 3).mapToDouble(other::yield).toArray())
        .containsExactly(IntStream.range(0, 3).mapToDouble(one::yield).toArray());
  }

  @Test
  void aFilterKeepsTheNumbers() {
    TrialTable table =
        table(
            new Observation("a", "x", 2020, 4),
            new Observation("a", "x", 2021, 5),
            new Observation("b", "x", 2021, 6));

    TrialTable later = table.filter(row -> table.environment(row).year() > 2020);

    assertThat(later.rows()).isEqualTo(2);
    assertThat(later.siteYears(0)).isEqualTo(1);
    assertThat(later.yield(later.start(0))).isEqualTo(5);
    assertThat(later.yield(later.start(1))).isEqualTo(6);
    assertThat(later.environment(later.start(1))).isEqualTo(table.environment(table.start(1)));
    assertThat(later.environments()).isEqualTo(table.environments());
  }

  @Test
  void refusesRowsOfUnknownVarietiesAndNoRows() {
    assertThatThrownBy(() -> table(new Observation("c", "x", 2020, 4)))
        .hasMessageContaining("unknown variety c");
    assertThatThrownBy(TrialTableTest::table).hasMessageContaining("no rows");
  }

  @Test
  void distancesFollowTheSphere() {
    GeoPoint paris = new GeoPoint(48.8566, 2.3522);
    GeoPoint newYork = new GeoPoint(40.7128, -74.0060);

    assertThat(paris.distanceKm(newYork)).isBetween(5_836.0, 5_839.0);
    assertThat(paris.distanceKm(paris)).isZero();
    assertThat(new GeoPoint(0, 179.5).distanceKm(new GeoPoint(0, -179.5))).isBetween(111.0, 111.4);
    assertThatThrownBy(() -> new GeoPoint(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TrialTable table(Observation... rows) {
    return TrialTable.of(VARIETIES, List.of(), List.of(rows));
  }
}
