package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.varieties.catalog.SearchRequest.Filters;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import io.soilhub.scalability.varieties.recommendation.Rounding;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.Variety;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// All varieties of a catalog, ready to be searched: whole words first, then three-letter pieces,
/// so that `dekalb 62` finds `dkc62-08` and a slip of the finger still finds something. Trigrams
/// and their threshold are those of PostgreSQL's pg_trgm, held in memory because the catalog is.
final class SearchIndex {

  private static final double LEAST_SIMILARITY = 0.3;
  private static final double WORD_WEIGHT = 0.6;
  private static final Set<String> FILLERS =
      Set.of("variety", "varieties", "hybrid", "hybrids", "cultivar", "cultivars", "seed", "seeds");

  private final Catalog catalog;
  private final List<IndexEntry> entries;
  private final Map<String, int[]> postings;

  /// One variety as it is found.
  private record IndexEntry(Item item, Set<String> words, int trigrams) {}

  /// @param yieldPotential of the variety over the places of its table, in the unit of the table
  /// @param matchScore 0 to 1
  record Item(
      String varietyId,
      String varietyName,
      String company,
      String cropId,
      String datasetId,
      int siteYears,
      int firstYear,
      int lastYear,
      double yieldPotential,
      String yieldUnit,
      OptionalDouble maturityGroup,
      boolean synthetic,
      double matchScore) {

    Item scored(double score) {
      return new Item(
          varietyId,
          varietyName,
          company,
          cropId,
          datasetId,
          siteYears,
          firstYear,
          lastYear,
          yieldPotential,
          yieldUnit,
          maturityGroup,
          synthetic,
          Rounding.rounded(score, 3));
    }
  }

  /// @param total matches, of which `items` are the best
  record Found(String query, int total, List<Item> items) {}

  private SearchIndex(Catalog catalog, List<IndexEntry> entries, Map<String, int[]> postings) {
    this.catalog = catalog;
    this.entries = entries;
    this.postings = postings;
  }

  static SearchIndex of(Catalog catalog) {
    List<IndexEntry> entries = new ArrayList<>();
    Map<String, List<Integer>> postings = new HashMap<>();
    for (FittedDataSet set : catalog.used()) {
      double[] advantages = set.model().meanAdvantages();
      double level = set.meanYield();
      for (int v = 0; v < set.table().varieties().size(); v++) {
        Item item = item(set, v, level + advantages[v]);
        Set<String> words = words(item.varietyName() + " " + item.company());
        words.addAll(words(item.cropId().replace('_', ' ')));
        Set<String> trigrams = trigrams(item.varietyName() + " " + item.company());
        int number = entries.size();
        trigrams.forEach(t -> postings.computeIfAbsent(t, _ -> new ArrayList<>()).add(number));
        entries.add(new IndexEntry(item, words, trigrams.size()));
      }
    }
    Map<String, int[]> packed = new HashMap<>();
    postings.forEach(
        (trigram, numbers) ->
            packed.put(trigram, numbers.stream().mapToInt(Integer::intValue).toArray()));
    return new SearchIndex(catalog, entries, packed);
  }

  private static Item item(FittedDataSet set, int v, double yieldPotential) {
    TrialTable table = set.table();
    Variety variety = table.varieties().get(v);
    var years = table.rowsOf(v).map(row -> table.environment(row).year()).summaryStatistics();
    return new Item(
        variety.id(),
        variety.name(),
        variety.company(),
        Catalog.crop(set),
        set.data().id(),
        table.siteYears(v),
        years.getMin(),
        years.getMax(),
        Rounding.rounded(yieldPotential, 2),
        set.data().unit().symbol(),
        variety.trait(Trait.MATURITY_GROUP),
        set.data().synthetic(),
        0);
  }

  /// The version of what is indexed.
  Catalog catalog() {
    return catalog;
  }

  /// Best matches first; equal ones by yield potential within a crop, then by id. Words that name a
  /// crop narrow the search to it; a query of such words alone finds all its varieties.
  Found search(String query, Filters filters, int limit) {
    Set<String> words = words(query);
    words.removeAll(FILLERS);
    Set<String> crops = new TreeSet<>();
    words.removeIf(word -> addCrop(word, crops));
    double[] scores = scores(words);
    List<Item> matches = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      Item item = entries.get(i).item();
      boolean inCrop = crops.isEmpty() || crops.contains(item.cropId());
      if (scores[i] > 0 && inCrop && meets(item, filters)) {
        matches.add(item.scored(scores[i]));
      }
    }
    matches.sort(
        Comparator.comparingDouble((Item item) -> -item.matchScore())
            .thenComparing(Item::cropId)
            .thenComparingDouble(item -> -item.yieldPotential())
            .thenComparing(Item::varietyId));
    int shown = Math.min(limit, matches.size());
    return new Found(query, matches.size(), List.copyOf(matches.subList(0, shown)));
  }

  private boolean addCrop(String word, Set<String> crops) {
    String crop = catalog.known(RecommendationRequest.normalised(word));
    boolean isCrop = catalog.crops().contains(crop);
    if (isCrop) {
      crops.add(crop);
    }
    return isCrop;
  }

  private double[] scores(Set<String> words) {
    double[] scores = new double[entries.size()];
    if (words.isEmpty()) {
      Arrays.fill(scores, 1);
      return scores;
    }
    Set<String> trigrams = trigrams(String.join(" ", words));
    int[] shared = new int[entries.size()];
    for (String trigram : trigrams) {
      for (int number : postings.getOrDefault(trigram, new int[0])) {
        shared[number]++;
      }
    }
    for (int i = 0; i < scores.length; i++) {
      IndexEntry entry = entries.get(i);
      double similarity =
          (double) shared[i] / Math.max(1, trigrams.size() + entry.trigrams() - shared[i]);
      double found = (double) words.stream().filter(entry.words()::contains).count() / words.size();
      boolean matches = found == 1 || similarity >= LEAST_SIMILARITY;
      scores[i] = matches ? WORD_WEIGHT * found + (1 - WORD_WEIGHT) * similarity : 0;
    }
    return scores;
  }

  private boolean meets(Item item, Filters filters) {
    boolean yearsMeet =
        filters.year().isAny()
            || (item.lastYear() >= filters.year().min()
                && item.firstYear() <= filters.year().max());
    return filters.crop().map(crop -> catalog.known(crop).equals(item.cropId())).orElse(true)
        && filters.company().map(item.company().toLowerCase(Locale.ROOT)::contains).orElse(true)
        && yearsMeet
        && filters.siteYears().contains(item.siteYears())
        && filters.yieldPotential().contains(item.yieldPotential())
        && (filters.maturityGroup().isAny()
            || (item.maturityGroup().isPresent()
                && filters.maturityGroup().contains(item.maturityGroup().getAsDouble())));
  }

  /// Runs of letters and digits, in lower case.
  private static Set<String> words(String text) {
    Set<String> words = new TreeSet<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /// As pg_trgm: each word with two blanks before it and one behind.
  private static Set<String> trigrams(String text) {
    Set<String> trigrams = new HashSet<>();
    for (String word : words(text)) {
      String padded = "  " + word + " ";
      IntStream.rangeClosed(0, padded.length() - 3)
          .forEach(i -> trigrams.add(padded.substring(i, i + 3)));
    }
    return trigrams;
  }
}
