package io.soilhub.scalability.varieties.trials;

import io.soilhub.scalability.varieties.trials.Variety.Trait;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads trial tables. Columns: `variety`, `location`, `year` and the yield in one column that
/// names its unit (`yield_bu_ac`, `yield_t_ha`, `yield_kg_ha`); if wanted `company`,
/// `maturity_group`, `heat_units` or `maturity_days`, and `lat` with `lon`. Other columns are left
/// alone.
public final class TrialReader {

  /// Ontario crop heat units that a day of relative maturity stands for.
  private static final double HEAT_UNITS_PER_DAY = 30;

  private final YieldUnit unit;
  private final Map<String, Variety> varieties = new TreeMap<>();
  private final Map<String, Site> sites = new TreeMap<>();
  private final List<Observation> observations = new ArrayList<>();

  private TrialReader(YieldUnit unit) {
    this.unit = unit;
  }

  /// @param file CSV in UTF-8, plain or gzipped
  /// @throws TableRejected when the file as a whole cannot be used; single bad lines are in the
  ///   reading
  public static TrialReading read(byte[] file) {
    TrialReader[] reader = new TrialReader[1];
    CsvReader table =
        CsvReader.read(
            file,
            columns -> {
              reader[0] = new TrialReader(unitOf(columns));
              return reader[0]::line;
            });
    return new TrialReading(
        reader[0].unit,
        reader[0].varieties.values(),
        reader[0].observations,
        reader[0].sites.values(),
        table.rejections());
  }

  private static YieldUnit unitOf(List<String> columns) {
    List<String> missing =
        Stream.of("variety", "location", "year").filter(name -> !columns.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new TableRejected("the header has no column " + String.join(", ", missing));
    }
    List<YieldUnit> units =
        columns.stream().map(YieldUnit::ofColumn).flatMap(Optional::stream).toList();
    if (units.size() != 1) {
      String known =
          Stream.of(YieldUnit.values()).map(YieldUnit::column).collect(Collectors.joining(", "));
      throw new TableRejected("the header needs exactly one yield column of " + known);
    }
    return units.getFirst();
  }

  private void line(CsvReader.Line line) {
    Variety variety =
        new Variety(line.required("variety"), line.name("company").orElse(""), traits(line));
    double yield =
        line.number(unit.column())
            .orElseThrow(() -> new IllegalArgumentException(unit.column() + " is empty"));
    Observation row =
        new Observation(variety.id(), line.required("location"), line.wholeNumber("year"), yield);
    Optional<Double> latitude = line.number("lat");
    Optional<Double> longitude = line.number("lon");
    if (latitude.isPresent() != longitude.isPresent()) {
      throw new IllegalArgumentException("a line needs both lat and lon, or neither");
    }
    latitude
        .map(lat -> Site.at(row.location(), new GeoPoint(lat, longitude.orElseThrow())))
        .ifPresent(this::add);
    observations.add(row);
    varieties.merge(variety.id(), variety, TrialReader::merged);
  }

  private void add(Site site) {
    Site known = sites.putIfAbsent(site.location(), site);
    if (known != null && !known.equals(site)) {
      throw new IllegalArgumentException(
          "the location %s has other coordinates in an earlier line".formatted(site.location()));
    }
  }

  private static Map<Trait, Double> traits(CsvReader.Line line) {
    Map<Trait, Double> traits = new EnumMap<>(Trait.class);
    line.number("maturity_group").ifPresent(group -> traits.put(Trait.MATURITY_GROUP, group));
    line.number("maturity_days")
        .ifPresent(days -> traits.put(Trait.HEAT_UNITS, days * HEAT_UNITS_PER_DAY));
    line.number("heat_units").ifPresent(units -> traits.put(Trait.HEAT_UNITS, units));
    return traits;
  }

  /// Lines may disagree on a trait (a check grown in two maturity groups): the smaller one stands,
  /// whichever line came first.
  private static Variety merged(Variety one, Variety other) {
    if (one.traits().equals(other.traits())) {
      return one;
    }
    Map<Trait, Double> traits = new EnumMap<>(Trait.class);
    traits.putAll(one.traits());
    other.traits().forEach((trait, value) -> traits.merge(trait, value, Math::min));
    return new Variety(one.name(), one.company(), traits);
  }

  /// Reads a table of sites: `location`, `lat`, `lon`, and any further columns of numbers.
  ///
  /// @throws TableRejected when the file cannot be used, or any of its lines: a location at the
  ///   wrong place harms every answer, so no line is dropped silently
  public static List<Site> readSites(byte[] file) {
    List<Site> sites = new ArrayList<>();
    CsvReader table =
        CsvReader.read(
            file,
            columns -> {
              if (!columns.containsAll(List.of("location", "lat", "lon"))) {
                throw new TableRejected("the header of the sites needs location, lat and lon");
              }
              return siteConsumer(columns, sites);
            });
    if (!table.rejections().isEmpty()) {
      Rejection first = table.rejections().getFirst();
      throw new TableRejected("line %d of the sites: %s".formatted(first.line(), first.reason()));
    }
    return List.copyOf(sites);
  }

  private static Consumer<CsvReader.Line> siteConsumer(List<String> columns, List<Site> sites) {
    return line -> {
      Map<String, Double> facts = new TreeMap<>();
      for (String column : columns) {
        boolean coordinate = column.equals("lat") || column.equals("lon");
        Optional<String> cell = line.text(column).filter(text -> coordinate || isNumber(text));
        if (cell.isPresent() && !column.equals("location")) {
          facts.put(column, line.number(column).orElseThrow());
        }
      }
      sites.add(new Site(line.required("location"), facts));
    };
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
  }
}
