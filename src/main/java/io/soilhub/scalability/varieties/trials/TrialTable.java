package io.soilhub.scalability.varieties.trials;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// A trial table in columns: the rows of one variety lie together, varieties, sites and
/// environments are numbered in sorted order, so that the order of the input cannot show anywhere.
///
/// Several rows of one variety in one site-year (replicates, or two trials of a programme at one
/// place) become their mean: the model takes one observation a site-year, and counting both would
/// claim twice the evidence for one season.
public final class TrialTable {

  private final List<Variety> varieties;
  private final List<Site> sites;
  private final List<Environment> environments;
  private final int[] starts;
  private final int[] environmentOf;
  private final double[] yields;

  private TrialTable(
      List<Variety> varieties,
      List<Site> sites,
      List<Environment> environments,
      int[] starts,
      int[] environmentOf,
      double[] yields) {
    this.varieties = varieties;
    this.sites = sites;
    this.environments = environments;
    this.starts = starts;
    this.environmentOf = environmentOf;
    this.yields = yields;
  }

  /// @param sites those with known facts; locations that only occur in `rows` are sites without
  /// @throws IllegalArgumentException when a row names a variety that is not among `varieties`, or
  ///   there are no rows
  public static TrialTable of(
      Collection<Variety> varieties, Collection<Site> sites, Collection<Observation> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("the table has no rows");
    }
    Map<String, Variety> known = new TreeMap<>();
    varieties.forEach(variety -> known.putIfAbsent(variety.id(), variety));
    List<Observation> merged = meanOfDuplicates(rows);
    List<Site> places = sitesOf(merged, sites);
    Map<String, Integer> siteIndex = index(places.stream().map(Site::location).toList());
    List<Environment> environments =
        merged.stream()
            .map(row -> new Environment(siteIndex.get(row.location()), row.year()))
            .distinct()
            .sorted(Comparator.comparingInt(Environment::site).thenComparingInt(Environment::year))
            .toList();
    Map<Environment, Integer> environmentIndex = index(environments);
    List<Variety> tested = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    int[] environmentOf = new int[merged.size()];
    double[] yields = new double[merged.size()];
    for (int i = 0; i < merged.size(); i++) {
      Observation row = merged.get(i);
      if (i == 0 || !row.varietyId().equals(merged.get(i - 1).varietyId())) {
        tested.add(variety(known, row.varietyId()));
        starts.add(i);
      }
      environmentOf[i] =
          environmentIndex.get(new Environment(siteIndex.get(row.location()), row.year()));
      yields[i] = row.yield();
    }
    starts.add(merged.size());
    int[] offsets = starts.stream().mapToInt(Integer::intValue).toArray();
    return new TrialTable(
        List.copyOf(tested), places, environments, offsets, environmentOf, yields);
  }

  private static Variety variety(Map<String, Variety> known, String id) {
    Variety variety = known.get(id);
    if (variety == null) {
      throw new IllegalArgumentException("a row names the unknown variety " + id);
    }
    return variety;
  }

  private static List<Observation> meanOfDuplicates(Collection<Observation> rows) {
    Comparator<Observation> order =
        Comparator.comparing(Observation::varietyId)
            .thenComparing(Observation::location)
            .thenComparingInt(Observation::year);
    List<Observation> sorted =
        rows.stream().sorted(order.thenComparingDouble(Observation::yield)).toList();
    List<Observation> merged = new ArrayList<>(sorted.size());
    int from = 0;
    while (from < sorted.size()) {
      int to = from + 1;
      double sum = sorted.get(from).yield();
      while (to < sorted.size() && order.compare(sorted.get(from), sorted.get(to)) == 0) {
        sum += sorted.get(to++).yield();
      }
      Observation first = sorted.get(from);
      merged.add(
          new Observation(first.varietyId(), first.location(), first.year(), sum / (to - from)));
      from = to;
    }
    return merged;
  }

  private static List<Site> sitesOf(List<Observation> rows, Collection<Site> sites) {
    Map<String, Site> known = new TreeMap<>();
    sites.forEach(site -> known.put(site.location(), site));
    TreeSet<String> locations = new TreeSet<>();
    rows.forEach(row -> locations.add(row.location()));
    return locations.stream()
        .map(location -> known.getOrDefault(location, Site.unknown(location)))
        .toList();
  }

  private static <T> Map<T, Integer> index(List<T> items) {
    Map<T, Integer> index = new HashMap<>();
    items.forEach(item -> index.put(item, index.size()));
    return index;
  }

  /// The rows that `keep` accepts, with all varieties, sites and environments under the same
  /// numbers as here; a variety may be left without rows.
  public TrialTable filter(IntPredicate keep) {
    int[] kept = IntStream.range(0, rows()).filter(keep).toArray();
    int[] offsets = new int[starts.length];
    for (int v = 0, at = 0; v < varieties.size(); v++) {
      offsets[v] = at;
      while (at < kept.length && kept[at] < starts[v + 1]) {
        at++;
      }
      offsets[v + 1] = at;
    }
    return new TrialTable(
        varieties,
        sites,
        environments,
        offsets,
        IntStream.of(kept).map(row -> environmentOf[row]).toArray(),
        IntStream.of(kept).mapToDouble(row -> yields[row]).toArray());
  }

  /// Those that were tested, by id.
  public List<Variety> varieties() {
    return varieties;
  }

  /// By location.
  public List<Site> sites() {
    return sites;
  }

  /// By site, then by year.
  public List<Environment> environments() {
    return environments;
  }

  public int rows() {
    return yields.length;
  }

  /// Row numbers of one variety.
  public IntStream rowsOf(int variety) {
    return IntStream.range(starts[variety], starts[variety + 1]);
  }

  /// Number of the first row of a variety.
  public int start(int variety) {
    return starts[variety];
  }

  /// Number after the last row of a variety.
  public int end(int variety) {
    return starts[variety + 1];
  }

  /// Number of site-years in which the variety was tested.
  public int siteYears(int variety) {
    return starts[variety + 1] - starts[variety];
  }

  /// Number of a row's environment in [#environments].
  public int environmentIndex(int row) {
    return environmentOf[row];
  }

  /// The site-year of a row.
  public Environment environment(int row) {
    return environments.get(environmentOf[row]);
  }

  /// In the unit of the table.
  public double yield(int row) {
    return yields[row];
  }

  public int firstYear() {
    return environments.stream().mapToInt(Environment::year).min().orElseThrow();
  }

  public int lastYear() {
    return environments.stream().mapToInt(Environment::year).max().orElseThrow();
  }
}
