package io.soilhub.scalability.varieties.recommendation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.TrialTable;
import java.util.BitSet;
import java.util.OptionalDouble;

/// On how many trials a variety's numbers stand.
///
/// @param years number of different years
/// @param nearestKm to the nearest of its own trials; empty when their places are unknown
public record Evidence(
    int siteYears,
    int years,
    int locations,
    int firstYear,
    int lastYear,
    @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble nearestKm) {

  /// @param distances km from the place asked for to each site of the table; NaN where unknown
  static Evidence of(TrialTable table, int variety, double[] distances) {
    BitSet sites = new BitSet();
    BitSet years = new BitSet();
    double nearest = Double.NaN;
    for (int row = table.start(variety); row < table.end(variety); row++) {
      Environment environment = table.environment(row);
      sites.set(environment.site());
      years.set(environment.year());
      double km = distances[environment.site()];
      nearest = Double.isNaN(nearest) || km < nearest ? km : nearest;
    }
    return new Evidence(
        table.siteYears(variety),
        years.cardinality(),
        sites.cardinality(),
        years.nextSetBit(0),
        years.length() - 1,
        Double.isNaN(nearest)
            ? OptionalDouble.empty()
            : OptionalDouble.of(Rounding.rounded(nearest, 1)));
  }
}
