package io.soilhub.scalability.trials;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a trial table's file held.
///
/// @param sites from `lat` and `lon` columns of the table itself; empty when it has none
/// @param rejections lines that were not taken, by number; the caller decides whether the rest
///   counts
public record TrialReading(
    YieldUnit unit,
    Collection<Variety> varieties,
    List<Observation> observations,
    Collection<Site> sites,
    List<Rejection> rejections) {

  /// The table of the good lines.
  ///
  /// @param more sites from a file of their own; they win over those in the table
  /// @throws TableRejected when there is no good line
  public TrialTable table(Collection<Site> more) {
    if (observations.isEmpty()) {
      throw new TableRejected(
          rejections.isEmpty()
              ? "the table has no lines"
              : "no line of the table is usable; line %d: %s"
                  .formatted(rejections.getFirst().line(), rejections.getFirst().reason()));
    }
    List<Site> all = new ArrayList<>(sites);
    all.addAll(more);
    return TrialTable.of(varieties, all, observations);
  }
}
