package io.soilhub.scalability.platform.core;

import io.soilhub.scalability.platform.settings.Settings;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// This replica, as the others and its logs know it.
///
/// @param address `host:port` under which it is reached
public record Node(String id, String address, String version, Instant startedAt) {

  /// From NODE_ID (default: host name and four random letters, so that replicas on one machine
  /// differ) and NODE_ADDRESS (default: host name and PORT).
  public static Node from(Settings settings, Instant startedAt, RandomGenerator random) {
    String host = settings.text("HOSTNAME", "localhost");
    String unique = "%s-%04x".formatted(host, random.nextInt(1 << 16));
    String id = settings.text("NODE_ID", unique);
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new Settings.InvalidSetting("NODE_ID", id, "1 to 100 letters, digits, '.', '_' or '-'");
    }
    int port = settings.integer("PORT", 8000, 1, 65535);
    String address = settings.text("NODE_ADDRESS", host + ":" + port);
    return new Node(id, address, settings.text("soilhub.version", "unknown"), startedAt);
  }
}
