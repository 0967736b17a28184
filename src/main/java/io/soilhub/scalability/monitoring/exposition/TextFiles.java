package io.soilhub.scalability.monitoring.exposition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The files in which Linux tells about itself.
@FunctionalInterface
interface TextFiles {

  /// Empty where there is no such file or it may not be read.
  Optional<String> read(String path);

  static TextFiles ofThisMachine() {
    return path -> {
      try {
        return Optional.of(Files.readString(Path.of(path)));
      } catch (IOException _) {
        return Optional.empty();
      }
    };
  }
}
