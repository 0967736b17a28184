package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.http.JsonObjectReader;
import io.soilhub.scalability.platform.http.Range;
import io.soilhub.scalability.varieties.recommendation.RecommendationRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Several queries over the loaded varieties, under one set of filters.
///
/// @param limit items a query
record SearchRequest(List<String> queries, Filters filters, int limit) {

  static final int MAX_QUERIES = 1_000;
  static final int MAX_LIMIT = 1_000;
  private static final int MAX_QUERY_LENGTH = 200;
  private static final int DEFAULT_LIMIT = 100;

  /// All have to hold. A variety without the number that a range asks for does not meet it.
  ///
  /// @param company part of the company's name, in lower case
  /// @param year a variety meets it when it was tested in a year of the range
  /// @param yieldPotential in the unit of the data set
  record Filters(
      Optional<String> crop,
      Optional<String> company,
      Range year,
      Range siteYears,
      Range yieldPotential,
      Range maturityGroup) {

    static final Filters NONE =
        new Filters(Optional.empty(), Optional.empty(), Range.ANY, Range.ANY, Range.ANY, Range.ANY);

    private static Filters of(JsonObjectReader members) {
      Filters filters =
          new Filters(
              members.text("crop").map(RecommendationRequest::normalised),
              members.text("company").map(text -> text.toLowerCase(Locale.ROOT)),
              members.range("year"),
              members.range("site_years"),
              members.range("yield_potential"),
              members.range("maturity_group"));
      members.refuseOthers();
      return filters;
    }
  }

  /// Reads the payload of a `batch_variety_search`.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with everything that is
  ///   wrong
  static SearchRequest of(ObjectNode payload) {
    JsonObjectReader members = JsonObjectReader.of(payload);
    members.require("queries");
    SearchRequest request =
        new SearchRequest(
            members.texts("queries", 1, MAX_QUERIES, MAX_QUERY_LENGTH),
            Filters.of(members.object("filters")),
            members.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT));
    members.refuseOthers();
    members.raise();
    return request;
  }
}
