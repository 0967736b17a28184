package io.soilhub.scalability.varieties.trials;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// Trial tables with a `datasets.json` beside them that says what they are: the form in which a
/// folder of data is handed to the service, and in which the demonstration set is shipped.
public final class DataSetFolder {

  private static final String MANIFEST = "datasets.json";

  @FunctionalInterface
  private interface Source {
    byte[] read(String name) throws IOException;
  }

  private final Source source;

  private DataSetFolder(Source source) {
    this.source = source;
  }

  public static DataSetFolder of(Path directory) {
    return new DataSetFolder(
        name -> {
          Path file = directory.resolve(name).normalize();
          if (!file.startsWith(directory.normalize())) {
            throw new TableRejected(name + " lies outside the folder");
          }
          return Files.readAllBytes(file);
        });
  }

  /// @param base folder on the class path, for instance `demonstration`
  public static DataSetFolder onClassPath(String base) {
    return new DataSetFolder(
        name -> {
          try (InputStream in =
              DataSetFolder.class.getClassLoader().getResourceAsStream(base + "/" + name)) {
            if (in == null) {
              throw new FileNotFoundException(base + "/" + name);
            }
            return in.readAllBytes();
          }
        });
  }

  /// @throws TableRejected when there is no manifest or it is not one
  public List<DataSetSource> entries() {
    try {
      String manifest = new String(read(MANIFEST), StandardCharsets.UTF_8);
      return Json.mapper().readValue(manifest, DataSetManifest.class).datasets().stream()
          .map(DataSetSource::new)
          .toList();
    } catch (JsonProcessingException e) {
      throw new TableRejected(MANIFEST + " is not usable: " + e.getOriginalMessage(), e);
    }
  }

  private byte[] read(String name) {
    try {
      return source.read(name);
    } catch (IOException e) {
      throw new TableRejected(name + " cannot be read from the folder", e);
    }
  }

  /// One data set of the folder, not read yet.
  public final class DataSetSource {

    private final DataSetManifest.ManifestEntry manifest;

    private DataSetSource(DataSetManifest.ManifestEntry manifest) {
      this.manifest = manifest;
    }

    public String id() {
      return manifest.datasetId();
    }

    /// Hash over everything that [#load] reads; equal hashes give equal data sets.
    public String contentHash() {
      return Sha256.fingerprint(
          Json.write(manifest).getBytes(StandardCharsets.UTF_8),
          read(manifest.trials()),
          manifest.sites().map(DataSetFolder.this::read).orElse(new byte[0]));
    }

    /// @param fit gives the constants of a table that comes without
    /// @throws TableRejected when the files cannot be used, naming the first fault
    public DataSet load(Function<TrialTable, VarianceComponents> fit) {
      byte[] file = read(manifest.trials());
      TrialReading reading = TrialReader.read(file);
      requireGoodLines(reading);
      if (!reading.unit().symbol().equals(manifest.yieldUnit())) {
        throw new TableRejected(
            "%s: the table's unit is %s, the manifest says %s"
                .formatted(id(), reading.unit().symbol(), manifest.yieldUnit()));
      }
      List<Site> sites =
          manifest
              .sites()
              .map(DataSetFolder.this::read)
              .map(TrialReader::readSites)
              .orElse(List.of());
      TrialTable table = reading.table(sites);
      return new DataSet(
          id(),
          manifest.cropId(),
          manifest.name(),
          manifest.source(),
          manifest.licence(),
          manifest.synthetic().orElse(false),
          reading.unit(),
          manifest
              .constants()
              .map(DataSetManifest.Fitted::constants)
              .orElseGet(() -> fit.apply(table)),
          manifest.constantsFitted().orElse("at import, restricted maximum likelihood"),
          Sha256.fingerprint(file),
          table);
    }

    private void requireGoodLines(TrialReading reading) {
      if (!reading.rejections().isEmpty() && !manifest.keepGoodLines().orElse(false)) {
        Rejection first = reading.rejections().getFirst();
        throw new TableRejected(
            "%s: %d bad lines in %s (line %d: %s); keep_good_lines would take the others"
                .formatted(
                    id(),
                    reading.rejections().size(),
                    manifest.trials(),
                    first.line(),
                    first.reason()));
      }
    }
  }
}
