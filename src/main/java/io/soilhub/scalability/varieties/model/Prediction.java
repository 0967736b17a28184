package io.soilhub.scalability.varieties.model;

/// Posterior of one variety at one place, in the unit of the table, against the average variety of
/// the table.
///
/// @param broad part of the advantage that the variety shows everywhere
/// @param local part that it shows there
/// @param variance posterior variance of the whole advantage, season and trial error aside
public record Prediction(double broad, double local, double variance) {

  public double advantage() {
    return broad + local;
  }

  public double sd() {
    return Math.sqrt(variance);
  }
}
