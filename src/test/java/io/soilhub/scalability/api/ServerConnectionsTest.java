package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServerConnectionsTest {

  private static final Path CONFIGURATION = Path.of("src/main/liberty/config");

  @Test
  void moreConnectionsThanTheHeapCanBearAreRefused() {
    Settings settings = Settings.from(Map.of("MAX_CONNECTIONS", "600"));
    assertThatNoException().isThrownBy(() -> ServerConnections.check(settings, 1L << 30));
    assertThatThrownBy(() -> ServerConnections.check(settings, 512L << 20))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("at most 327 with a heap of 512 MiB");
  }

  /// What the server is told and what is counted with are the same, and the heap that the service
  /// comes with bears it.
  @Test
  void theServerIsHeldToIt() throws IOException {
    String server = Files.readString(CONFIGURATION.resolve("server.xml"));
    assertThat(number(server, "limitNumHeaders=\"(\\d+)\""))
        .isEqualTo(ServerConnections.MOST_FIELDS);
    assertThat(number(server, "limitFieldSize=\"(\\d+)\""))
        .isEqualTo(ServerConnections.LONGEST_FIELD);
    assertThat(server).contains("maxOpenConnections=\"${env.MAX_CONNECTIONS}\"");
    String usual = "env.MAX_CONNECTIONS\" defaultValue=\"(\\d+)\"";
    Settings settings =
        Settings.from(Map.of("MAX_CONNECTIONS", Integer.toString(number(server, usual))));
    String options = Files.readString(CONFIGURATION.resolve("jvm.options"));
    long heap = (long) number(options, "-Xmx(\\d+)m") << 20;
    assertThatNoException().isThrownBy(() -> ServerConnections.check(settings, heap));
    assertThatNoException()
        .isThrownBy(() -> ServerConnections.check(Settings.from(Map.of()), heap));
  }

  private static int number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return Integer.parseInt(matcher.group(1));
  }
}
