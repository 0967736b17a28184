package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Settings of the varieties.
///
/// @param folders of trial tables to import at start, from `AGRONOMY_DATA_DIR`; empty or one
record VarietiesSettings(List<Path> folders) {

  private static final Setting<Optional<String>> DATA_DIR =
      Setting.optional("AGRONOMY_DATA_DIR", "path", "folder with datasets.json, imported at start");

  static final List<Setting<?>> ALL = List.of(DATA_DIR);

  /// @throws InvalidSetting when the folder has no datasets.json
  static VarietiesSettings from(Settings settings) {
    return new VarietiesSettings(
        DATA_DIR.read(settings).map(VarietiesSettings::folder).stream().toList());
  }

  private static Path folder(String value) {
    Path folder = Path.of(value).toAbsolutePath();
    if (!Files.isReadable(folder.resolve("datasets.json"))) {
      throw new InvalidSetting(
          DATA_DIR.name(), value, "a folder with a readable datasets.json in it");
    }
    return folder;
  }
}
