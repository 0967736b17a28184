package io.soilhub.scalability.varieties.trials;

import java.util.Map;
import java.util.OptionalDouble;

/// What was tested.
///
/// @param company who sells or bred it; empty when the table does not say
/// @param traits what the table says of it besides yield
public record Variety(String name, String company, Map<Trait, Double> traits) {

  /// A number that a trial table may carry per variety.
  public enum Trait {
    /// Soybean maturity group, 0 to 9 (decimals allowed).
    MATURITY_GROUP,
    /// Heat units (Ontario crop heat units) that the variety needs to mature.
    HEAT_UNITS
  }

  public Variety {
    traits = Map.copyOf(traits);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a variety needs a name");
    }
  }

  public Variety(String name, String company) {
    this(name, company, Map.of());
  }

  /// Unique in a data set: names repeat between companies.
  public String id() {
    return company.isEmpty() ? name : company + "|" + name;
  }

  public OptionalDouble trait(Trait trait) {
    Double value = traits.get(trait);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
