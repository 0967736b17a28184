package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.varieties.recommendation.RiskFlag;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/// Searches the loaded varieties for several queries. How it is run (as a job, as a batch) is not
/// its concern: it reports after each query, and the report may throw to end it.
final class VarietySearch {

  /// Items of one answer over all queries: the answer is one JSON document.
  static final int MAX_ITEMS = 20_000;

  private final VarietyCatalog varietyCatalog;
  private final Clock clock;
  private final AtomicReference<SearchIndex> index =
      new AtomicReference<>(SearchIndex.of(Catalog.EMPTY));

  VarietySearch(VarietyCatalog varietyCatalog, Clock clock) {
    this.varietyCatalog = varietyCatalog;
    this.clock = clock;
  }

  /// Results in the order of the queries.
  ///
  /// @param itemsCut whether the bound on all items was reached, so that later queries show their
  ///   totals with fewer items or none
  record Answer(
      List<SearchIndex.Found> results,
      int totalQueries,
      boolean itemsCut,
      boolean synthetic,
      List<RiskFlag> riskFlags,
      Instant processedAt) {}

  /// @param afterEach is told the number of queries done
  Answer search(SearchRequest request, IntConsumer afterEach) {
    SearchIndex current = index();
    List<SearchIndex.Found> results = new ArrayList<>();
    int room = MAX_ITEMS;
    for (String query : request.queries()) {
      int limit = Math.min(request.limit(), room);
      SearchIndex.Found found = current.search(query, request.filters(), limit);
      room -= found.items().size();
      results.add(found);
      afterEach.accept(results.size());
    }
    boolean synthetic =
        results.stream()
            .flatMap(found -> found.items().stream())
            .anyMatch(SearchIndex.Item::synthetic);
    return new Answer(
        results,
        results.size(),
        room == 0,
        synthetic,
        synthetic ? List.of(RiskFlag.DEMONSTRATION_DATA) : List.of(),
        clock.instant());
  }

  /// Two threads may build the same index at once; both are the same and one stays.
  private SearchIndex index() {
    Catalog catalog = varietyCatalog.current();
    SearchIndex known = index.get();
    if (known.catalog().version() == catalog.version()) {
      return known;
    }
    SearchIndex built = SearchIndex.of(catalog);
    index.set(built);
    return built;
  }
}
