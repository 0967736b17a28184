package io.soilhub.scalability.varieties.trials;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Where trials stood, with the numbers known about it by the names of their columns: `lat`, `lon`,
/// `soil_ph` and so on. All of them may be missing: tables that code their locations exist.
public record Site(String location, Map<String, Double> facts) {

  public Site {
    facts = Map.copyOf(facts);
    if (location.isBlank()) {
      throw new IllegalArgumentException("a site needs a location");
    }
    if (facts.containsKey("lat") != facts.containsKey("lon")) {
      throw new IllegalArgumentException("a site needs both lat and lon, or neither");
    }
    if (facts.containsKey("lat")) {
      new GeoPoint(facts.get("lat"), facts.get("lon"));
    }
  }

  public static Site unknown(String location) {
    return new Site(location, Map.of());
  }

  public static Site at(String location, GeoPoint place) {
    return new Site(location, Map.of("lat", place.latitude(), "lon", place.longitude()));
  }

  public Optional<GeoPoint> place() {
    return facts.containsKey("lat")
        ? Optional.of(new GeoPoint(facts.get("lat"), facts.get("lon")))
        : Optional.empty();
  }

  public OptionalDouble fact(String name) {
    Double value = facts.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
