package io.soilhub.scalability.varieties.recommendation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.http.JsonObjectReader;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// What is asked: which varieties of a crop for a place.
public record RecommendationRequest(
    String cropId, GeoPoint place, Soil soil, Preferences preferences) {

  /// Reads the payload of a `variety_recommendation`. The place is `location` with `latitude` and
  /// `longitude` (or `lat`, `lng`, `lon`), or these members of the payload itself.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with everything that is
  ///   wrong
  public static RecommendationRequest of(ObjectNode payload) {
    JsonObjectReader members = JsonObjectReader.of(payload);
    members.require("crop_id");
    String cropId = members.text("crop_id").map(RecommendationRequest::normalised).orElse("");
    if (cropId.length() > 64) {
      members.refuse("crop_id", "crop_id must be at most 64 characters");
    }
    JsonObjectReader location = members.has("location") ? members.object("location") : members;
    OptionalDouble latitude = coordinate(location, 90, "latitude", "lat");
    OptionalDouble longitude = coordinate(location, 180, "longitude", "lng", "lon");
    if (location != members) {
      location.refuseOthers();
    }
    Soil soil = Soil.of(members.object("soil_data"));
    Preferences preferences = Preferences.of(members.object("preferences"));
    members.refuseOthers();
    members.raise();
    return new RecommendationRequest(
        cropId, new GeoPoint(latitude.getAsDouble(), longitude.getAsDouble()), soil, preferences);
  }

  private static OptionalDouble coordinate(
      JsonObjectReader location, double limit, String... names) {
    var given = Stream.of(names).filter(location::has).toList();
    if (given.isEmpty()) {
      location.require(names[0]);
      return OptionalDouble.empty();
    }
    given.stream()
        .skip(1)
        .forEach(name -> location.refuse(name, "given twice, see " + given.getFirst()));
    return location.number(given.getFirst(), -limit, limit);
  }

  /// Crop ids are compared in lower case with underscores, as data sets write them.
  public static String normalised(String crop) {
    return crop.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s-]+", "_");
  }
}
