package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Everything that is loaded, at one version: immutable and shared by all threads.
///
/// Made-up sets only count for a crop that has no real one, so that the demonstration ends by
/// itself when somebody brings trials.
record Catalog(long version, List<Stored> sets) {

  static final Catalog EMPTY = new Catalog(-1, List.of());

  /// What every answer from the catalog depends on.
  static final String VARIETY_TAG = "variety";

  static final String CROP_DATA_TAG = "crop_data";

  /// Other names of a crop, as the trade uses them.
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "maize", "corn",
          "soybeans", "soybean",
          "soy", "soybean",
          "oat", "oats",
          "rape", "canola",
          "rapeseed", "canola");

  /// @param version of this set; it changes whenever the set is replaced
  record Stored(long version, FittedDataSet set) {}

  Catalog {
    sets = List.copyOf(sets);
  }

  /// Whether this is the state of a store, rather than that before the first look at one.
  boolean isLoaded() {
    return version >= 0;
  }

  List<FittedDataSet> all() {
    return sets.stream().map(Stored::set).toList();
  }

  /// Those that answers come from.
  List<FittedDataSet> used() {
    return all().stream().filter(set -> !superseded(set)).toList();
  }

  private boolean superseded(FittedDataSet set) {
    return set.data().synthetic()
        && all().stream()
            .anyMatch(
                other ->
                    !other.data().synthetic() && other.data().cropId().equals(set.data().cropId()));
  }

  /// The set that answers for a crop at a place: the named one, else the one with the nearest
  /// trial, else (all of unknown place) the newest.
  Optional<FittedDataSet> find(String cropId, GeoPoint place, Optional<String> datasetId) {
    String crop = known(cropId);
    return (datasetId.isPresent() ? all() : used())
        .stream()
            .filter(set -> crop(set).equals(crop))
            .filter(set -> datasetId.isEmpty() || datasetId.get().equals(set.data().id()))
            .min(
                Comparator.comparingDouble((FittedDataSet set) -> set.nearestKm(place))
                    .thenComparing(set -> -set.table().lastYear())
                    .thenComparing(set -> set.data().id()));
  }

  /// The crop of a set, by the one of its names that the service uses.
  static String crop(FittedDataSet set) {
    return SYNONYMS.getOrDefault(set.data().cropId(), set.data().cropId());
  }

  /// What is no longer true once a set of this crop has changed.
  static Set<String> tags(String cropId) {
    return Set.of(VARIETY_TAG, CROP_DATA_TAG, cropTag(cropId));
  }

  /// What an answer about a crop depends on, by whichever of its names.
  static String cropTag(String cropId) {
    return "crop:" + SYNONYMS.getOrDefault(cropId, cropId);
  }

  /// The loaded crop that an id means: itself, by whichever of its names, or the only kind of it
  /// that is loaded (`wheat` for `winter_wheat`). The id itself when there is none.
  String known(String cropId) {
    String name = SYNONYMS.getOrDefault(cropId, cropId);
    if (crops().contains(name)) {
      return name;
    }
    List<String> kinds = crops().stream().filter(crop -> crop.endsWith("_" + name)).toList();
    return kinds.size() == 1 ? kinds.getFirst() : cropId;
  }

  TreeSet<String> crops() {
    TreeSet<String> crops = new TreeSet<>();
    used().forEach(set -> crops.add(crop(set)));
    return crops;
  }
}
