package io.soilhub.scalability.bench.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What one recording costs.
record Cost(double nanos, double bytes) {

  private static final int LIMIT_SECONDS = 120;

  /// In a JVM of its own, so that nothing is compiled for another meter.
  static Cost of(Meter meter) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                MeterMain.class.getName(),
                meter.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(meter + " was not measured: " + printed);
    }
    String[] words = printed.split(" ");
    return new Cost(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }
}
