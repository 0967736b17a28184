package io.soilhub.scalability.varieties.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UploadTest {

  private static final String TABLE =
      "variety,location,year,yield_t_ha\na,x,2020,4\nb,x,oops,5\nc,x,2020,n/a\n";

  @Test
  void badLinesAreRefusedByNumberUnlessTheOthersAreWanted() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> upload(about(false), TABLE, "").read());

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.type()).isEqualTo("bad-lines");
    assertThat(problem.violations())
        .containsExactly(
            new Violation("/trials/line/3", "year 'oops' is not a whole number"),
            new Violation("/trials/line/4", "yield_t_ha 'n/a' is not a number"));

    Upload.Reading reading = upload(about(true), TABLE, "").read();
    assertThat(reading.trials().rejections()).hasSize(2);
    assertThat(reading.table().rows()).isEqualTo(1);
  }

  @Test
  void whatHasToBeSaidOfATableIsAskedFor() {
    Upload.About nothing = new Upload.About("", "", "", "", "", false);
    Problem problem = catchThrowableOfType(Problem.class, () -> upload(nothing, TABLE, "").read());

    assertThat(problem.violations())
        .extracting(Violation::pointer)
        .containsExactlyInAnyOrder("/dataset_id", "/crop_id", "/name", "/source", "/licence");
  }

  @Test
  void theIdOfADataSetFollowsFromItsCropAndNameUnlessGiven() {
    assertThat(new Upload.About("", "Winter Wheat", "My Trials 2024!", "s", "l", false))
        .satisfies(
            about -> {
              assertThat(about.cropId()).isEqualTo("winter_wheat");
              assertThat(about.datasetId()).isEqualTo("winter_wheat_my_trials_2024");
            });
    assertThat(new Upload.About("mine", "corn", "n", "s", "l", false).datasetId())
        .isEqualTo("mine");
  }

  @Test
  void theContentCountsAndNotTheRequest() {
    Upload one = upload(about(true), TABLE, "");

    assertThat(upload(about(true), TABLE, "").contentHash()).isEqualTo(one.contentHash());
    assertThat(upload(about(true), TABLE + "d,x,2020,1\n", "").contentHash())
        .isNotEqualTo(one.contentHash());
    assertThat(upload(about(true), TABLE, "location,lat,lon\nx,1,2\n").contentHash())
        .isNotEqualTo(one.contentHash());
  }

  @Test
  void aFileThatIsNoTableIsRefused() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> upload(about(true), "hello", "").read());

    assertThat(problem.violations()).extracting(Violation::pointer).containsExactly("/trials");
  }

  private static Upload upload(Upload.About about, String trials, String sites) {
    return new Upload(UUID.randomUUID(), about, bytes(trials), bytes(sites));
  }

  private static Upload.About about(boolean keepGoodLines) {
    return new Upload.About("", "wheat", "mine", "my farm", "mine", keepGoodLines);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
