package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Versions as they are installed, not as they were asked for.
final class Versions {

  private Versions() {}

  static String node() {
    try {
      Process node = new ProcessBuilder("node", "--version").start();
      return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .strip()
          .substring(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String bullmq() {
    try {
      Path manifest = Path.of("bullmq", "node_modules", "bullmq", "package.json");
      return new ObjectMapper().readTree(manifest.toFile()).get("version").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String jobRunr() {
    String jar =
        org.jobrunr.server.BackgroundJobServer.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    return jar.replaceAll(".*jobrunr-([0-9.]+)\\.jar$", "$1");
  }
}
