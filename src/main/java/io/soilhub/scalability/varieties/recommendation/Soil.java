package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.platform.http.JsonObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// What is known of the field's soil. Trials hold no information on how varieties differ by pH, so
/// soil gives notes and flags on the field, and never moves a variety.
///
/// The pH below which liming pays and the pH to lime to follow the Ontario field crop guide (OMAFRA
/// Publication 811, soil pH at which lime is recommended): they depend on crop and texture. Above
/// pH 7.5 micronutrients become less available.
public record Soil(
    OptionalDouble ph, OptionalDouble organicMatterPercent, Optional<Texture> texture) {

  static final Soil UNKNOWN =
      new Soil(OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());

  private static final double HIGH_PH = 7.5;
  private static final double SERIOUS_PH = 5.0;

  public enum Texture {
    COARSE,
    MEDIUM,
    FINE
  }

  private record Liming(double below, double target) {}

  private static final Liming SENSITIVE = new Liming(6.1, 6.5);
  private static final Liming TOLERANT = new Liming(5.6, 6.0);
  private static final Liming VERY_TOLERANT = new Liming(5.1, 5.5);

  private static final Map<String, Liming> COARSE_OR_MEDIUM =
      Map.of(
          "corn", TOLERANT,
          "soybean", TOLERANT,
          "wheat", SENSITIVE,
          "barley", SENSITIVE,
          "oats", SENSITIVE,
          "canola", SENSITIVE);

  private static final Map<String, Liming> FINE =
      Map.of(
          "corn", VERY_TOLERANT,
          "soybean", TOLERANT,
          "wheat", TOLERANT,
          "barley", TOLERANT,
          "oats", TOLERANT,
          "canola", TOLERANT);

  static Soil of(JsonObjectReader members) {
    Soil soil =
        new Soil(
            members.number("ph", 2, 12),
            members.number("organic_matter", 0, 100),
            members.choice("texture", Texture.class));
    members.refuseOthers();
    return soil;
  }

  /// @param cropId as in the data set; kinds of wheat and barley count as the crop they end in
  List<RiskFlag> flags(String cropId) {
    List<RiskFlag> flags = new ArrayList<>();
    if (ph.isPresent() && liming(cropId).filter(l -> ph.getAsDouble() < l.below()).isPresent()) {
      flags.add(RiskFlag.PH_BELOW_LIMING_THRESHOLD);
    }
    if (ph.isPresent() && ph.getAsDouble() > HIGH_PH) {
      flags.add(RiskFlag.PH_HIGH);
    }
    return flags;
  }

  List<String> notes(String cropId) {
    List<String> notes = new ArrayList<>();
    ph.ifPresent(value -> phNotes(cropId, value, notes));
    organicMatterPercent.ifPresent(
        value ->
            notes.add(
                "Organic matter %s %% is for information: trials do not show how varieties differ by it."
                    .formatted(Rounding.shown(value))));
    return notes;
  }

  private void phNotes(String cropId, double value, List<String> notes) {
    String shown = Rounding.shown(value);
    Optional<Liming> liming = liming(cropId);
    if (value > HIGH_PH) {
      notes.add(
          ("Soil pH %s is above %s, where zinc, iron and manganese become less available; "
                  + "it concerns every variety alike.")
              .formatted(shown, HIGH_PH));
    } else if (liming.isEmpty()) {
      notes.add("No liming threshold is known here for %s.".formatted(cropId));
    } else if (value < liming.get().below()) {
      notes.add(
          ("Soil pH %s is below %s, where liming (to about %s) is recommended for %s; "
                  + "it concerns every variety alike.%s")
              .formatted(
                  shown,
                  liming.get().below(),
                  liming.get().target(),
                  cropId,
                  value <= SERIOUS_PH ? " At 5 and less expect losses in any crop." : ""));
    } else {
      notes.add("Soil pH %s needs no lime for %s.".formatted(shown, cropId));
    }
  }

  private Optional<Liming> liming(String cropId) {
    boolean fine = texture.isPresent() && texture.get() == Texture.FINE;
    String crop = cropId.substring(cropId.lastIndexOf('_') + 1);
    return Optional.ofNullable((fine ? FINE : COARSE_OR_MEDIUM).get(crop));
  }
}
