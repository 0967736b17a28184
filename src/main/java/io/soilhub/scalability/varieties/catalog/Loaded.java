package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// What is loaded, as the API lists it.
public final class Loaded {

  private Loaded() {}

  /// @param used whether answers come from it; made-up sets are not, once the crop has a real one
  public record DataSetItem(
      String datasetId,
      String cropId,
      String name,
      String source,
      String licence,
      boolean synthetic,
      boolean used,
      String yieldUnit,
      int rows,
      int varieties,
      int siteYears,
      int firstYear,
      int lastYear,
      VarianceComponents constants,
      String constantsFitted,
      String sha256) {}

  public record CropItem(
      String cropId,
      List<String> datasets,
      int varieties,
      int siteYears,
      int firstYear,
      int lastYear,
      boolean synthetic) {}

  static Page<DataSetItem> dataSets(Catalog catalog, PageRequest page) {
    List<FittedDataSet> used = catalog.used();
    return page(
        catalog.all().stream().map(set -> dataSet(set, used.contains(set))),
        DataSetItem::datasetId,
        page);
  }

  private static DataSetItem dataSet(FittedDataSet set, boolean used) {
    return new DataSetItem(
        set.data().id(),
        set.data().cropId(),
        set.data().name(),
        set.data().source(),
        set.data().licence(),
        set.data().synthetic(),
        used,
        set.data().unit().symbol(),
        set.table().rows(),
        set.table().varieties().size(),
        set.table().environments().size(),
        set.table().firstYear(),
        set.table().lastYear(),
        set.data().constants(),
        set.data().constantsFitted(),
        set.data().sha256());
  }

  static Page<CropItem> crops(Catalog catalog, PageRequest page) {
    return page(catalog.crops().stream().map(crop -> crop(catalog, crop)), CropItem::cropId, page);
  }

  /// In the order of the ids.
  private static <T> Page<T> page(Stream<T> all, Function<T, String> id, PageRequest page) {
    String after = page.after().isEmpty() ? "" : page.after().getFirst();
    List<T> oneMore =
        all.filter(item -> id.apply(item).compareTo(after) > 0)
            .sorted(Comparator.comparing(id))
            .limit(page.limit() + 1L)
            .toList();
    return Page.of(oneMore, page, item -> List.of(id.apply(item)));
  }

  private static CropItem crop(Catalog catalog, String cropId) {
    List<FittedDataSet> sets =
        catalog.used().stream().filter(set -> Catalog.crop(set).equals(cropId)).toList();
    return new CropItem(
        cropId,
        sets.stream().map(set -> set.data().id()).toList(),
        sets.stream().mapToInt(set -> set.table().varieties().size()).sum(),
        sets.stream().mapToInt(set -> set.table().environments().size()).sum(),
        sets.stream().mapToInt(set -> set.table().firstYear()).min().orElseThrow(),
        sets.stream().mapToInt(set -> set.table().lastYear()).max().orElseThrow(),
        sets.stream().anyMatch(set -> set.data().synthetic()));
  }
}
