package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Settings of the varieties.
///
/// @param folders of trial tables to import at start, from `AGRONOMY_DATA_DIR`; empty or one
record VarietiesSettings(List<Path> folders) {

  /// @throws InvalidSetting when the folder has no datasets.json
  static VarietiesSettings from(Settings settings) {
    return new VarietiesSettings(
        settings.text("AGRONOMY_DATA_DIR").map(VarietiesSettings::folder).stream().toList());
  }

  private static Path folder(String value) {
    Path folder = Path.of(value).toAbsolutePath();
    if (!Files.isReadable(folder.resolve("datasets.json"))) {
      throw new InvalidSetting(
          "AGRONOMY_DATA_DIR", value, "a folder with a readable datasets.json in it");
    }
    return folder;
  }
}
