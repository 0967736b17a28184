package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety;
import io.soilhub.scalability.varieties.trials.YieldUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Small trial tables for tests, made row by row.
public final class Tables {

  public static final GeoPoint HOME = new GeoPoint(42, -90);

  private final List<Variety> varieties = new ArrayList<>();
  private final List<Site> sites = new ArrayList<>();
  private final List<Observation> rows = new ArrayList<>();
  private VarianceComponents varianceComponents = new VarianceComponents(20, 30, 10, 60, 200);
  private boolean synthetic;

  public Tables variety(String name, Map<Variety.Trait, Double> traits) {
    varieties.add(new Variety(name, "acme", traits));
    return this;
  }

  public Tables site(String location, GeoPoint place) {
    sites.add(Site.at(location, place));
    return this;
  }

  /// The yields of one variety in the years from `firstYear` on, at one location.
  public Tables yields(String name, String location, int firstYear, double... yields) {
    if (varieties.stream().noneMatch(v -> v.name().equals(name))) {
      variety(name, Map.of());
    }
    for (int i = 0; i < yields.length; i++) {
      rows.add(new Observation("acme|" + name, location, firstYear + i, yields[i]));
    }
    return this;
  }

  public Tables constants(VarianceComponents newConstants) {
    this.varianceComponents = newConstants;
    return this;
  }

  public Tables synthetic() {
    this.synthetic = true;
    return this;
  }

  public DataSet dataSet(String id, String cropId) {
    return new DataSet(
        id,
        cropId,
        "Test trials",
        "made for a test",
        "none",
        synthetic,
        YieldUnit.BU_AC,
        varianceComponents,
        "by hand",
        "0".repeat(64),
        TrialTable.of(varieties, sites, rows));
  }

  public FittedDataSet set(String cropId) {
    return FittedDataSet.of(dataSet(cropId + "_test", cropId));
  }

  /// Three varieties of five years at home: good, middling and poor.
  public static Tables threeVarieties() {
    return new Tables()
        .site("home", HOME)
        .yields("good", "home", 2021, 120, 125, 118, 130, 122)
        .yields("middling", "home", 2021, 110, 112, 108, 118, 111)
        .yields("poor", "home", 2021, 95, 100, 90, 104, 97);
  }
}
