package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.varieties.catalog.SearchRequest.Filters;
import io.soilhub.scalability.varieties.model.Reml;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import io.soilhub.scalability.varieties.recommendation.Recommender;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/// Measures loading, recommending and searching in process, on the data sets of a folder.
public final class VarietiesBenchmark {

  private static final int WARM_UP = 100;
  private static final int ROUNDS = 500;

  private final PrintStream out;
  private final Ticker ticker;

  private VarietiesBenchmark(PrintStream out, Ticker ticker) {
    this.out = out;
    this.ticker = ticker;
  }

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: <folder with a datasets.json>");
      System.exit(2);
    }
    new VarietiesBenchmark(System.out, Ticker.system()).run(Path.of(arguments[0]));
  }

  private void run(Path folder) {
    List<Catalog.Stored> sets = new ArrayList<>();
    for (DataSetFolder.DataSetSource entry : DataSetFolder.of(folder).entries()) {
      long begin = ticker.nanos();
      FittedDataSet set = FittedDataSet.of(entry.load(Reml::fit));
      sets.add(new Catalog.Stored(1, set));
      print(
          "%s: %d rows read and modelled in %.0f ms",
          entry.id(), set.table().rows(), (ticker.nanos() - begin) / 1e6);
    }
    sets.forEach(stored -> recommend(stored.set()));
    long begin = ticker.nanos();
    SearchIndex index = SearchIndex.of(new Catalog(1, sets));
    print("search index built in %.0f ms", (ticker.nanos() - begin) / 1e6);
    List<String> queries = List.of("macon", "corn varieties", "dkc62", "soybean ia20", "zzqx");
    measure(
        "search, one query", i -> index.search(queries.get(i % queries.size()), Filters.NONE, 100));
    List<String> many = new ArrayList<>();
    for (int i = 0; i < SearchRequest.MAX_QUERIES; i++) {
      many.add("ia" + (2000 + i));
    }
    long start = ticker.nanos();
    many.forEach(query -> index.search(query, Filters.NONE, 10));
    print("search, 1000 queries: %.0f ms", (ticker.nanos() - start) / 1e6);
  }

  private void recommend(FittedDataSet set) {
    Recommender recommender = new Recommender(Clock.systemUTC());
    GeoPoint center =
        set.table().sites().stream()
            .flatMap(site -> site.place().stream())
            .findFirst()
            .orElse(new GeoPoint(0, 0));
    measure(
        "recommend, " + set.data().id(),
        i -> {
          ObjectNode payload = Json.object().put("crop_id", set.data().cropId());
          payload
              .put("latitude", center.latitude() + 0.001 * i)
              .put("longitude", center.longitude());
          Json.write(recommender.advise(set, RecommendationRequest.of(payload)));
        });
  }

  private void measure(String what, IntConsumer work) {
    for (int i = 0; i < WARM_UP; i++) {
      work.accept(i);
    }
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = ticker.nanos();
      work.accept(i);
      millis[i] = (ticker.nanos() - begin) / 1e6;
    }
    Arrays.sort(millis);
    print(
        "%s: p50 %.2f ms, p95 %.2f ms, max %.2f ms",
        what, millis[ROUNDS / 2], millis[ROUNDS * 95 / 100], millis[ROUNDS - 1]);
  }

  private void print(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
