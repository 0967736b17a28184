package io.soilhub.scalability.varieties.recommendation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.varieties.recommendation.Preferences.YieldPriority;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecommendationRequestTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'location':{'latitude':40,'longitude':-95}",
        "'location':{'lat':40.0,'lng':-95.0}",
        "'location':{'lat':40,'lon':-95}",
        "'latitude':40,'longitude':-95",
        "'lat':40,'lng':-95"
      })
  void theLocationHasSeveralSpellings(String location) {
    assertThat(recommendationRequest(location).place()).isEqualTo(new GeoPoint(40, -95));
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    RecommendationRequest recommendationRequest =
        recommendationRequest("'lat':40,'lng':-95,'soil_data':null");

    assertThat(recommendationRequest.preferences()).isEqualTo(Preferences.DEFAULT);
    assertThat(recommendationRequest.preferences().yieldPriority()).isEqualTo(YieldPriority.MEDIUM);
    assertThat(recommendationRequest.soil()).isEqualTo(Soil.UNKNOWN);
  }

  @Test
  void cropIdsAreReadAsDataSetsWriteThem() {
    assertThat(
            RecommendationRequest.of(json("{'crop_id':' Winter Wheat ','lat':1,'lng':2}")).cropId())
        .isEqualTo("winter_wheat");
    assertThat(
            RecommendationRequest.of(json("{'crop_id':'winter-wheat','lat':1,'lng':2}")).cropId())
        .isEqualTo("winter_wheat");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = ';',
      value = {
        "'latitude':91,'longitude':0; /latitude",
        "'latitude':0,'longitude':-180.5; /longitude",
        "'latitude':'40','longitude':0; /latitude",
        "'longitude':0; /latitude",
        "'location':{'lat':1}; /location/longitude",
        "'location':{'lat':1,'latitude':2,'lng':3}; /location/lat",
        "'location':{'lat':1,'lng':3,'altitude':4}; /location/altitude",
        "'lat':1,'lng':2,'preferences':{'yield_priority':'huge'}; /preferences/yield_priority",
        "'lat':1,'lng':2,'preferences':{'yield_priority':1}; /preferences/yield_priority",
        "'lat':1,'lng':2,'preferences':{'top_n':0}; /preferences/top_n",
        "'lat':1,'lng':2,'preferences':{'top_n':2.5}; /preferences/top_n",
        "'lat':1,'lng':2,'preferences':{'colour':'red'}; /preferences/colour",
        "'lat':1,'lng':2,'preferences':{'maturity_group':{'min':3,'max':2}};"
            + " /preferences/maturity_group",
        "'lat':1,'lng':2,'preferences':[]; /preferences",
        "'lat':1,'lng':2,'soil_data':{'ph':40}; /soil_data/ph",
        "'lat':1,'lng':2,'soil_data':{'texture':'stony'}; /soil_data/texture",
        "'lat':1,'lng':2,'a/b~c':1; /a~1b~0c",
        "'lat':1,'lng':2,'crop_id':''; /crop_id"
      })
  void whatIsWrongIsPointedAt(String members, String pointer) {
    String crop = members.contains("crop_id") ? "" : "'crop_id':'corn',";
    Problem problem =
        catchThrowableOfType(
            Problem.class, () -> RecommendationRequest.of(json("{" + crop + members + "}")));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations()).extracting(Problem.Violation::pointer).contains(pointer);
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () -> RecommendationRequest.of(json("{'lat':100,'preferences':{'top_n':-1}}")));

    assertThat(problem.violations())
        .extracting(Problem.Violation::pointer)
        .containsExactlyInAnyOrder("/crop_id", "/lat", "/longitude", "/preferences/top_n");
  }

  static RecommendationRequest recommendationRequest(String members) {
    return RecommendationRequest.of(json("{'crop_id':'corn'," + members + "}"));
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }
}
