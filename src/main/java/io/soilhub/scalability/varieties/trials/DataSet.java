package io.soilhub.scalability.varieties.trials;

/// A trial table with what one has to know to use and to cite it.
///
/// @param constantsFitted when and how the constants were fitted, as text for people
/// @param sha256 of the table's file, in hex: what an answer was made from can be checked
public record DataSet(
    String id,
    String cropId,
    String name,
    String source,
    String licence,
    boolean synthetic,
    YieldUnit unit,
    VarianceComponents constants,
    String constantsFitted,
    String sha256,
    TrialTable table) {

  public DataSet {
    requireId("dataset_id", id);
    requireId("crop_id", cropId);
    if (name.isBlank() || source.isBlank() || licence.isBlank()) {
      throw new IllegalArgumentException("a data set needs a name, a source and a licence");
    }
  }

  private static void requireId(String field, String value) {
    if (!value.matches("[a-z0-9][a-z0-9_]{0,63}")) {
      throw new IllegalArgumentException(
          "%s '%s' is not up to 64 lower-case letters, digits and _".formatted(field, value));
    }
  }
}
