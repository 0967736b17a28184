package io.soilhub.scalability.varieties.trials;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

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

  /// What the model keeps grows with the square of each of these. The largest published tables stay
  /// far below: the sixty sites, six hundred site-years and million pairs of thirty years of
  /// soybean tests.
  private static final int MOST_SITES = 2_000;

  private static final int MOST_ENVIRONMENTS = 4_000;
  private static final int MOST_PAIRS = 20_000_000;

  /// The table of the good lines.
  ///
  /// @param more sites from a file of their own; they win over those in the table
  /// @throws TableRejected when there is no good line, or more than can be modelled
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
    TrialTable table = TrialTable.of(varieties, all, observations);
    requireAtMost(MOST_SITES, table.sites().size(), "locations");
    requireAtMost(MOST_ENVIRONMENTS, table.environments().size(), "site-years");
    long pairs =
        IntStream.range(0, table.varieties().size())
            .mapToLong(v -> (long) table.siteYears(v) * table.siteYears(v))
            .sum();
    requireAtMost(MOST_PAIRS, pairs, "pairs of site-years of one variety");
    return table;
  }

  private static void requireAtMost(long most, long size, String what) {
    if (size > most) {
      throw new TableRejected(
          "the table has %d %s; at most %d can be modelled".formatted(size, what, most));
    }
  }
}
