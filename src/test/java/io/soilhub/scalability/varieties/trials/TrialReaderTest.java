package io.soilhub.scalability.varieties.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TrialReaderTest {

  private static final String GOOD =
      """
      variety,company,location,year,yield_t_ha,maturity_days
      Fun,Acme,north,2020,4.5,90
      Cas,,south,2021,5.25,
      """;

  @Test
  void readsVarietiesRowsAndUnit() {
    TrialReading reading = TrialReader.read(bytes(GOOD));

    assertThat(reading.unit()).isEqualTo(YieldUnit.T_HA);
    assertThat(reading.rejections()).isEmpty();
    assertThat(reading.observations())
        .containsExactly(
            new Observation("Acme|Fun", "north", 2020, 4.5),
            new Observation("Cas", "south", 2021, 5.25));
    assertThat(reading.varieties())
        .filteredOn(variety -> variety.name().equals("Fun"))
        .singleElement()
        .satisfies(fun -> assertThat(fun.trait(Trait.HEAT_UNITS)).hasValue(2_700));
  }

  @Test
  void readsGzipAndAByteOrderMarkAlike() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes("\uFEFF" + GOOD));
    }

    assertThat(TrialReader.read(packed.toByteArray()).observations())
        .isEqualTo(TrialReader.read(bytes(GOOD)).observations());
  }

  @Test
  void badLinesAreNamedByNumberAndReasonAndTheOthersStay() {
    TrialReading reading =
        TrialReader.read(
            bytes(
                """
                variety,location,year,yield_bu_ac
                a,x,2020,100
                b,x,twenty,100
                ,x,2020,100
                c,x,2020,-3
                d,x,2020
                e,x,2020,n/a
                f,x,2020,120
                """));

    assertThat(reading.observations()).extracting(Observation::varietyId).containsExactly("a", "f");
    assertThat(reading.rejections())
        .containsExactly(
            new Rejection(3, "year 'twenty' is not a whole number"),
            new Rejection(4, "variety is empty"),
            new Rejection(5, "yield -3.0 is not a number from 0 to 10000000"),
            new Rejection(6, "3 cells where the header has 4"),
            new Rejection(7, "yield_bu_ac 'n/a' is not a number"));
  }

  @Test
  void aNameThatCannotBeKeptIsABadLine() {
    String table =
        "variety,company,location,year,yield_t_ha\n"
            + "a,,x,2020,4\na\u0000a,,x,2020,4\nb,,%s,2020,4\nb,c\u0007c,x,2020,4\n"
                .formatted("x".repeat(201));

    assertThat(TrialReader.read(bytes(table)).rejections())
        .containsExactly(
            new Rejection(3, "variety holds a control character"),
            new Rejection(4, "location has more than 200 characters"),
            new Rejection(5, "company holds a control character"));
  }

  @Test
  void aHeaderWithoutWhatIsNeededIsRefusedWithTheReason() {
    assertThatThrownBy(() -> TrialReader.read(bytes("variety,year,yield_t_ha\n")))
        .isInstanceOf(TableRejected.class)
        .hasMessage("the header has no column location");
    assertThatThrownBy(() -> TrialReader.read(bytes("variety,location,year,yield\n")))
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("yield_bu_ac, yield_t_ha, yield_kg_ha");
    assertThatThrownBy(
            () -> TrialReader.read(bytes("variety,location,year,yield_t_ha,yield_kg_ha\n")))
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("exactly one");
    assertThatThrownBy(() -> TrialReader.read(new byte[0])).isInstanceOf(TableRejected.class);
  }

  @Test
  void aTableBeyondTheModelIsRefused() {
    StringBuilder table = new StringBuilder("variety,location,year,yield_t_ha\n");
    for (int site = 0; site <= 2_000; site++) {
      table.append("a,x").append(site).append(",2020,4\n");
    }
    TrialReading reading = TrialReader.read(bytes(table.toString()));

    assertThatThrownBy(() -> reading.table(List.of()))
        .isInstanceOf(TableRejected.class)
        .hasMessage("the table has 2001 locations; at most 2000 can be modelled");
  }

  @Test
  void aTableOfBadLinesOnlyNamesTheFirst() {
    TrialReading reading = TrialReader.read(bytes("variety,location,year,yield_t_ha\na,x,1,2\n"));

    assertThatThrownBy(() -> reading.table(List.of()))
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("year 1");
  }

  @Test
  void sitesComeFromTheTableOrFromTheirOwnFileWhichWins() {
    TrialReading reading =
        TrialReader.read(
            bytes("variety,location,year,yield_t_ha,lat,lon\na,x,2020,4,50,8\na,y,2020,4,51,9\n"));
    List<Site> own =
        TrialReader.readSites(bytes("location,lat,lon,region,soil_ph\ny,40.5,-90,east,6.5\n"));

    TrialTable table = reading.table(own);

    assertThat(table.sites()).extracting(Site::location).containsExactly("x", "y");
    assertThat(table.sites().get(0).place()).contains(new GeoPoint(50, 8));
    assertThat(table.sites().get(1).place()).contains(new GeoPoint(40.5, -90));
    assertThat(table.sites().get(1).fact("soil_ph")).hasValue(6.5);
    assertThat(table.sites().get(1).fact("region")).isEmpty();
  }

  @Test
  void aSiteOffTheEarthIsRefused() {
    assertThatThrownBy(() -> TrialReader.readSites(bytes("location,lat,lon\nx,91,0\n")))
        .isInstanceOf(TableRejected.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("latitude 91.0");
  }

  @Test
  void aTraitOnWhichLinesDisagreeIsTheSmallerWhicheverComesFirst() {
    String header = "variety,location,year,yield_t_ha,maturity_group\n";
    String two = "a,x,2020,4,2\n";
    String three = "a,y,2020,4,3\n";

    for (String table : List.of(header + two + three, header + three + two)) {
      assertThat(TrialReader.read(bytes(table)).varieties())
          .singleElement()
          .satisfies(a -> assertThat(a.trait(Trait.MATURITY_GROUP)).hasValue(2));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
