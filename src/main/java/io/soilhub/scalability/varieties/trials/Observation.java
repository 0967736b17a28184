package io.soilhub.scalability.varieties.trials;

/// One line of a trial table: what one variety yielded at one location in one year.
///
/// @param yield in the unit of the table, not negative
public record Observation(String varietyId, String location, int year, double yield) {

  public Observation {
    if (location.isBlank()) {
      throw new IllegalArgumentException("location is empty");
    }
    if (year < 1800 || year > 2200) {
      throw new IllegalArgumentException("year " + year + " is not between 1800 and 2200");
    }
    if (!(yield >= 0 && yield < 1e7)) {
      throw new IllegalArgumentException("yield " + yield + " is not a number from 0 to 10000000");
    }
  }
}
