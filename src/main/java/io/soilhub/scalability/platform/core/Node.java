package io.soilhub.scalability.platform.core;

import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// This replica, as the others and its logs know it.
///
/// @param address `host:port` under which it is reached
public record Node(String id, String address, String version, Instant startedAt) {

  private static final Setting<Optional<String>> ID =
      Setting.optional(
          "NODE_ID",
          "letters, digits, `.` `_` `-`",
          "name of this replica; without it host name and four random letters");

  private static final Setting<Optional<String>> ADDRESS =
      Setting.optional(
          "NODE_ADDRESS",
          "host:port",
          "where this replica is reached; without it host name and PORT");

  public static final List<Setting<?>> ALL = List.of(ID, ADDRESS);

  /// From NODE_ID (default: host name and four random letters, so that replicas on one machine
  /// differ) and NODE_ADDRESS (default: host name and PORT).
  public static Node from(Settings settings, Instant startedAt, RandomGenerator random) {
    String host = settings.text("HOSTNAME", "localhost");
    String unique = "%s-%04x".formatted(host, random.nextInt(1 << 16));
    String id = ID.read(settings).orElse(unique);
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new Settings.InvalidSetting(ID.name(), id, "1 to 100 letters, digits, '.', '_' or '-'");
    }
    int port = ServerSettings.PORT.read(settings);
    String address = ADDRESS.read(settings).orElse(host + ":" + port);
    return new Node(id, address, settings.text("soilhub.version", "unknown"), startedAt);
  }
}
