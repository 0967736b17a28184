package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.LibertyReplica;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The replica is its own, because it ends.
class StartCheckIT {

  @Test
  void aBadValueEndsTheStartWithASentence() {
    LibertyReplica replica =
        LibertyReplica.launch("bad-setting", Map.of("AGRONOMY_DATA_DIR", "/nowhere"));
    try {
      Await.until("the replica ends", Duration.ofMinutes(3), () -> !replica.runs());
      assertThat(replica.console())
          .contains(
              "The service does not start: AGRONOMY_DATA_DIR is '/nowhere', but must be a folder"
                  + " with a readable datasets.json in it");
    } finally {
      replica.kill();
    }
  }
}
