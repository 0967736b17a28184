package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.TrialTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The model on real tables against values of an independent implementation. The tables are not
/// ours to ship: they are looked for in the folder that `AGRONOMY_DATA_DIR` names, as a variable or
/// as a system property.
class GoldenTest {

  private static Path folder;

  @BeforeAll
  static void findTables() {
    Optional<Path> found =
        Stream.of(System.getenv("AGRONOMY_DATA_DIR"), System.getProperty("AGRONOMY_DATA_DIR"))
            .filter(name -> name != null && !name.isBlank())
            .map(Path::of)
            .filter(path -> Files.exists(path.resolve("golden.json")))
            .findFirst();
    assumeTrue(found.isPresent(), "AGRONOMY_DATA_DIR names no folder with a golden.json");
    folder = found.orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "winter_wheat_ontario, wheat_ON, ,",
    "corn_illinois, corn, 40.11, -88.2",
    "corn_illinois, corn, 40.0, -95.0"
  })
  void agreesWithTheIndependentImplementation(
      String dataSet, String key, Double latitude, Double longitude) throws IOException {
    JsonNode golden =
        Json.parse(Files.readString(folder.resolve("golden.json")))
            .get("%s@%s,%s".formatted(key, shown(latitude), shown(longitude)));
    TrialModel model = model(dataSet);
    List<Prediction> all =
        latitude == null
            ? model.predictAnywhere()
            : model.predictAt(new GeoPoint(latitude, longitude));
    List<Integer> candidates = candidates(model.table());
    double[] shares =
        WinProbability.of(candidates.stream().map(all::get).toList(), model.futureTrialVariance());

    assertThat(candidates).hasSize(golden.get("candidates").asInt());
    for (JsonNode expected : golden.get("top")) {
      int at = candidates.indexOf(number(model.table(), expected.get("variety").asText()));
      Prediction prediction = all.get(candidates.get(at));
      double advantage = expected.get("adv").asDouble();
      assertThat(prediction.advantage()).isCloseTo(advantage, within(1e-3 * advantage));
      double sd = expected.get("sd").asDouble();
      assertThat(prediction.sd()).isCloseTo(sd, within(1e-3 * sd));
      assertThat(shares[at]).isCloseTo(expected.get("share_beaten").asDouble(), within(1e-3));
    }
    assertThat(golden.get("top")).isNotEmpty();
    List<Double> means = new ArrayList<>();
    golden.get("envmean_first5").forEach(mean -> means.add(mean.asDouble()));
    for (int e = 0; e < means.size(); e++) {
      assertThat(model.environmentMean(e)).isCloseTo(means.get(e), within(1e-3));
    }
  }

  private static String shown(Double degrees) {
    return degrees == null ? "None" : degrees.toString();
  }

  private static TrialModel model(String dataSet) {
    DataSet data =
        DataSetFolder.of(folder).entries().stream()
            .filter(entry -> entry.id().equals(dataSet))
            .findFirst()
            .orElseThrow()
            .load(Reml::fit);
    return TrialModel.of(data.table(), data.constants());
  }

  private static List<Integer> candidates(TrialTable table) {
    return IntStream.range(0, table.varieties().size())
        .filter(v -> table.siteYears(v) >= 4)
        .filter(
            v ->
                table.rowsOf(v).map(row -> table.environment(row).year()).max().orElseThrow()
                    >= table.lastYear() - 5)
        .boxed()
        .toList();
  }

  private static int number(TrialTable table, String id) {
    return IntStream.range(0, table.varieties().size())
        .filter(v -> table.varieties().get(v).id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
