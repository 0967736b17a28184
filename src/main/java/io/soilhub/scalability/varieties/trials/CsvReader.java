package io.soilhub.scalability.varieties.trials;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// A CSV file with a header, plain or gzipped, as numbered lines of named cells. A consumer refuses
/// a line by throwing [IllegalArgumentException]; the others go on.
final class CsvReader {

  /// Bounds on what one file may hold, also against a small gzip that unpacks to a huge table.
  static final int MAX_LINES = 1_000_000;

  static final int MAX_BYTES = 64 << 20;

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreHeaderCase(true)
          .setTrim(true)
          .setIgnoreEmptyLines(true)
          .setAllowMissingColumnNames(false)
          .get();

  private final List<String> columns;
  private final List<Rejection> rejections = new ArrayList<>();
  private int accepted;

  private CsvReader(List<String> columns) {
    this.columns = columns;
  }

  /// One line; cells by the name of their column.
  record Line(CSVRecord cells) {

    private static final int LONGEST_NAME = 200;

    Optional<String> text(String column) {
      return cells.isSet(column)
          ? Optional.of(cells.get(column)).filter(cell -> !cell.isEmpty())
          : Optional.empty();
    }

    String required(String column) {
      return name(column).orElseThrow(() -> new IllegalArgumentException(column + " is empty"));
    }

    /// A cell that becomes part of a key: bounded, and without control characters, which PostgreSQL
    /// could not store or a reader could not see.
    Optional<String> name(String column) {
      Optional<String> name = text(column);
      if (name.isPresent() && name.get().length() > LONGEST_NAME) {
        throw new IllegalArgumentException(
            "%s has more than %d characters".formatted(column, LONGEST_NAME));
      }
      if (name.isPresent() && name.get().chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(column + " holds a control character");
      }
      return name;
    }

    Optional<Double> number(String column) {
      return text(column).map(cell -> number(column, cell));
    }

    private static double number(String column, String cell) {
      try {
        double value = Double.parseDouble(cell);
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException _) {
        // said below, in the same words as a number that is not finite
      }
      throw new IllegalArgumentException(
          "%s '%s' is not a number".formatted(column, shortened(cell)));
    }

    int wholeNumber(String column) {
      String cell = required(column);
      try {
        return Integer.parseInt(cell);
      } catch (NumberFormatException _) {
        throw new IllegalArgumentException(
            "%s '%s' is not a whole number".formatted(column, shortened(cell)));
      }
    }

    private static String shortened(String cell) {
      return cell.length() <= 40 ? cell : cell.substring(0, 40) + "...";
    }
  }

  /// Looks at the header, then gives every line to the consumer made from it.
  ///
  /// @throws TableRejected when the file as a whole cannot be read
  static CsvReader read(byte[] file, Function<List<String>, Consumer<Line>> reader) {
    try (CSVParser parser =
        CSVParser.parse(
            new InputStreamReader(new ByteArrayInputStream(unpacked(file)), StandardCharsets.UTF_8),
            FORMAT)) {
      CsvReader table =
          new CsvReader(
              parser.getHeaderNames().stream().map(n -> n.toLowerCase(Locale.ROOT)).toList());
      Consumer<Line> consumer = reader.apply(table.columns);
      for (CSVRecord cells : parser) {
        table.take(cells, parser.getCurrentLineNumber(), consumer);
      }
      return table;
    } catch (IOException | UncheckedIOException e) {
      throw new TableRejected("the file is not readable as CSV", e);
    } catch (TableRejected e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new TableRejected("the header is not usable: " + e.getMessage(), e);
    }
  }

  private void take(CSVRecord cells, long line, Consumer<Line> consumer) {
    if (accepted + rejections.size() >= MAX_LINES) {
      throw new TableRejected("the table has more than " + MAX_LINES + " lines");
    }
    try {
      if (!cells.isConsistent()) {
        throw new IllegalArgumentException(
            "%d cells where the header has %d".formatted(cells.size(), columns.size()));
      }
      consumer.accept(new Line(cells));
      accepted++;
    } catch (IllegalArgumentException e) {
      rejections.add(new Rejection(line, e.getMessage()));
    }
  }

  /// The bytes, with gzip undone when they are gzipped and a byte order mark dropped.
  private static byte[] unpacked(byte[] file) throws IOException {
    byte[] bytes = file;
    if (file.length > 2 && (file[0] & 0xff) == 0x1f && (file[1] & 0xff) == 0x8b) {
      try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(file))) {
        bytes = gzip.readNBytes(MAX_BYTES + 1);
      }
    }
    if (bytes.length > MAX_BYTES) {
      throw new TableRejected("the table has more than " + MAX_BYTES + " bytes");
    }
    boolean marked =
        bytes.length >= 3
            && (bytes[0] & 0xff) == 0xef
            && (bytes[1] & 0xff) == 0xbb
            && (bytes[2] & 0xff) == 0xbf;
    return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
  }

  List<Rejection> rejections() {
    return List.copyOf(rejections);
  }
}
