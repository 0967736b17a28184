package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.varieties.recommendation.Tables;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {

  private final StoredInMemory store = new StoredInMemory();
  private final VarietySearch search =
      new VarietySearch(
          new VarietyCatalog(store, store::version), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @BeforeEach
  void load() {
    store.save(
        new Tables()
            .site("home", Tables.HOME)
            .yields("dkc62-08", "home", 2018, 200, 205, 210)
            .yields("dkc48-12", "home", 2012, 180, 182)
            .yields("6365amx*", "home", 2018, 220, 225, 230)
            .dataSet("corn_test", "corn"),
        "a");
    store.save(
        new Tables()
            .site("home", Tables.HOME)
            .variety("macon", Map.of(Trait.MATURITY_GROUP, 3.0))
            .variety("ia2021", Map.of(Trait.MATURITY_GROUP, 2.0))
            .yields("macon", "home", 2018, 50, 51)
            .yields("ia2021", "home", 2018, 45, 46)
            .dataSet("soybean_test", "soybean"),
        "b");
  }

  @ParameterizedTest
  @CsvSource({
    "macon, macon",
    "MACON, macon",
    "maconn, macon",
    "dkc62, dkc62-08",
    "dkc62 08, dkc62-08",
    "6365 amx, 6365amx*",
    "acme ia2021, ia2021"
  })
  void findsWholeWordsPiecesAndNearMisses(String query, String first) {
    assertThat(names(found(query, ""))).first().isEqualTo(first);
  }

  @Test
  void aCropWordNarrowsAndAloneFindsAllItsVarietiesByYield() {
    assertThat(names(found("corn varieties", "")))
        .containsExactly("6365amx*", "dkc48-12", "dkc62-08");
    assertThat(names(found("soybeans", ""))).containsExactly("macon", "ia2021");
    assertThat(names(found("corn macon", ""))).isEmpty();
  }

  @Test
  void nonsenseFindsNothing() {
    assertThat(found("zzqx", "")).satisfies(f -> assertThat(f.total()).isZero());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'crop':'soy'; macon ia2021",
        "'company':'ACM'; 6365amx* dkc48-12 dkc62-08 macon ia2021",
        "'company':'none'; ",
        "'year':2020; 6365amx* dkc62-08",
        "'year':{'max':2013}; dkc48-12",
        "'site_years':{'min':3}; 6365amx* dkc62-08",
        "'yield_potential':{'min':150}; 6365amx* dkc48-12 dkc62-08",
        "'maturity_group':2; ia2021",
        "'maturity_group':{'min':2.5,'max':3}; macon"
      })
  void filtersHoldBesidesTheQuery(String filters, String expected) {
    List<String> names = new ArrayList<>(names(found("corn varieties", filters)));
    names.addAll(names(found("soybean seeds", filters)));

    assertThat(String.join(" ", names)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void theLimitCutsItemsAndNotTheTotal() {
    SearchIndex.Found found =
        search.search(request("{'queries':['corn'],'limit':1}"), _ -> {}).results().getFirst();

    assertThat(found.total()).isEqualTo(3);
    assertThat(found.items()).hasSize(1);
  }

  @Test
  void resultsComeInTheOrderOfTheQueriesWithProgressAfterEach() {
    List<Integer> progress = new ArrayList<>();
    VarietySearch.Answer answer =
        search.search(request("{'queries':['macon','corn','macon']}"), progress::add);

    assertThat(progress).containsExactly(1, 2, 3);
    assertThat(answer.totalQueries()).isEqualTo(3);
    assertThat(answer.synthetic()).isFalse();
    assertThat(answer.itemsCut()).isFalse();
    assertThat(answer.results())
        .extracting(SearchIndex.Found::query)
        .containsExactly("macon", "corn", "macon");
    assertThat(answer.results().get(2)).isEqualTo(answer.results().getFirst());
  }

  @Test
  void aReportThatThrowsEndsTheSearch() {
    List<Integer> done = new ArrayList<>();
    assertThatThrownBy(
            () ->
                search.search(
                    request("{'queries':['a','b','c']}"),
                    count -> {
                      done.add(count);
                      if (count == 2) {
                        throw new IllegalStateException("stop");
                      }
                    }))
        .hasMessage("stop");
    assertThat(done).containsExactly(1, 2);
  }

  @Test
  void anotherCatalogIsIndexedAnew() {
    assertThat(names(found("brandnew", ""))).isEmpty();
    store.save(
        new Tables().synthetic().yields("brandnew", "x", 2020, 3, 4).dataSet("c", "oats"), "c");

    VarietySearch.Answer answer = search.search(request("{'queries':['brandnew']}"), _ -> {});

    assertThat(names(answer.results().getFirst())).containsExactly("brandnew");
    assertThat(answer.synthetic()).isTrue();
    assertThat(answer.riskFlags()).extracting(Enum::name).containsExactly("DEMONSTRATION_DATA");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "{}; /queries",
        "{'queries':[]}; /queries",
        "{'queries':['a',7]}; /queries/1",
        "{'queries':['a'],'limit':0}; /limit",
        "{'queries':['a'],'limit':1001}; /limit",
        "{'queries':['a'],'filters':{'colour':'red'}}; /filters/colour",
        "{'queries':['a'],'filters':{'year':'2020'}}; /filters/year",
        "{'queries':['a'],'filters':{'year':{'from':2020}}}; /filters/year/from",
        "{'queries':['a'],'filters':{'year':{'min':2021,'max':2020}}}; /filters/year",
        "{'queries':['a'],'other':1}; /other"
      })
  void whatIsWrongIsPointedAt(String payload, String pointer) {
    Problem problem = catchThrowableOfType(Problem.class, () -> request(payload));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations()).extracting(Problem.Violation::pointer).contains(pointer);
  }

  private SearchIndex.Found found(String query, String filters) {
    String payload = "{'queries':['%s'],'filters':{%s}}".formatted(query, filters);
    return search.search(request(payload), _ -> {}).results().getFirst();
  }

  private static List<String> names(SearchIndex.Found found) {
    return found.items().stream().map(SearchIndex.Item::varietyName).toList();
  }

  private static SearchRequest request(String payload) {
    return SearchRequest.of((ObjectNode) Json.parse(payload.replace('\'', '"')));
  }
}
