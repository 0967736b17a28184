package io.soilhub.scalability.recommendation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.trials.Place;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// What is asked: which varieties of a crop for a place.
public record Question(String cropId, Place place, Soil soil, Preferences preferences) {

  /// Reads the payload of a `variety_recommendation`. The place is `location` with `latitude` and
  /// `longitude` (or `lat`, `lng`, `lon`), or these members of the payload itself.
  ///
  /// @throws io.soilhub.scalability.platform.Problem of kind INVALID with everything that is wrong
  public static Question of(ObjectNode payload) {
    Members members = Members.of(payload);
    members.require("crop_id");
    String cropId = members.text("crop_id").map(Question::normalised).orElse("");
    if (cropId.length() > 64) {
      members.refuse("crop_id", "crop_id must be at most 64 characters");
    }
    Members location = members.has("location") ? members.object("location") : members;
    OptionalDouble latitude = coordinate(location, 90, "latitude", "lat");
    OptionalDouble longitude = coordinate(location, 180, "longitude", "lng", "lon");
    if (location != members) {
      location.refuseOthers();
    }
    Soil soil = Soil.of(members.object("soil_data"));
    Preferences preferences = Preferences.of(members.object("preferences"));
    members.refuseOthers();
    members.check();
    return new Question(
        cropId, new Place(latitude.getAsDouble(), longitude.getAsDouble()), soil, preferences);
  }

  private static OptionalDouble coordinate(Members location, double limit, String... names) {
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
