package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.soilhub.scalability.testing.PrometheusTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Prometheus' own tools on the files: they are well-formed, and the rules fire when ours do.
class PrometheusRulesIT {

  @Test
  void promtoolTakesTheRules() throws Exception {
    run(PrometheusTools.promtool(), "check", "rules", "soilhub-rules.yaml");
  }

  @Test
  void theRulesFireAndClearAsOursDo() throws Exception {
    run(PrometheusTools.promtool(), "test", "rules", "soilhub-rules-test.yaml");
  }

  @Test
  void amtoolTakesTheConfiguration() throws Exception {
    run(PrometheusTools.amtool(), "check-config", "alertmanager.yaml");
  }

  private static void run(Optional<Path> tool, String... arguments)
      throws IOException, InterruptedException {
    assumeTrue(tool.isPresent(), PrometheusTools::reason);
    List<String> command = new ArrayList<>(List.of(tool.get().toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(Path.of("target"), "prometheus", ".txt").toAbsolutePath();
    Process process =
        new ProcessBuilder(command)
            .directory(PrometheusRulesTest.FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
