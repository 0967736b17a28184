package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;

/// Where the gateway listens besides the server's port.
///
/// @param host name or address; `*` for all of the machine's
/// @param grace for exchanges that are under way at a stop
/// @param abortOnClose whether a caller that closes its side while it waits has left
record GatewayListenerSettings(String host, int port, Duration grace, boolean abortOnClose) {

  private static final String PORT = "GATEWAY_PORT";

  /// @return empty when it does not
  static Optional<GatewayListenerSettings> from(Settings settings) {
    if (settings.text(PORT).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new GatewayListenerSettings(
            settings.text("HOST", "127.0.0.1"),
            settings.integer(PORT, 0, 1, 65_535),
            Duration.ofSeconds(settings.integer("SHUTDOWN_GRACE_SECONDS", 20, 0, 600)),
            settings.flag("GATEWAY_ABORT_ON_CLOSE", false)));
  }

  /// @throws Settings.InvalidSetting when the port is no port, or taken
  static void check(Settings settings) {
    Optional<GatewayListenerSettings> wanted = from(settings);
    if (wanted.isEmpty()) {
      return;
    }
    if (wanted.get().port() == settings.integer("PORT", 8000, 1, 65_535)) {
      throw new Settings.InvalidSetting(
          PORT, Integer.toString(wanted.get().port()), "another port than PORT");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(wanted.get().address());
    } catch (IOException e) {
      throw new Settings.InvalidSetting(
          PORT, Integer.toString(wanted.get().port()), "a free port (" + e.getMessage() + ")");
    }
  }

  InetSocketAddress address() {
    return host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }
}
