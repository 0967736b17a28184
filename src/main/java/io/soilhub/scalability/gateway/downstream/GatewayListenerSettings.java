package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The gateway's own port, beside the server's.
///
/// @param host name or address; `*` for all addresses of the machine
/// @param grace for exchanges that are under way at a stop
/// @param abortOnClose whether a client that closes its side while it waits counts as disconnected
record GatewayListenerSettings(String host, int port, Duration grace, boolean abortOnClose) {

  private static final Setting<Optional<Integer>> PORT =
      Setting.optionalInteger(
          "GATEWAY_PORT",
          1,
          65_535,
          "a second port, of the gateway alone, where a request costs less than half as much;"
              + " without it there is none");

  private static final Setting<Boolean> ABORT_ON_CLOSE =
      Setting.flag(
          "GATEWAY_ABORT_ON_CLOSE",
          false,
          "at GATEWAY_PORT: give a request up when its caller closes its side of the connection"
              + " while it waits; a reset always counts as that");

  static final List<Setting<?>> ALL = List.of(PORT, ABORT_ON_CLOSE);

  /// @return empty when there is none
  static Optional<GatewayListenerSettings> from(Settings settings) {
    return PORT.read(settings)
        .map(
            port ->
                new GatewayListenerSettings(
                    ServerSettings.HOST.read(settings),
                    port,
                    ServerSettings.SHUTDOWN_GRACE.read(settings),
                    ABORT_ON_CLOSE.read(settings)));
  }

  /// @throws Settings.InvalidSetting when the port is invalid or in use
  static void check(Settings settings) {
    Optional<GatewayListenerSettings> wanted = from(settings);
    if (wanted.isEmpty()) {
      return;
    }
    if (wanted.get().port() == ServerSettings.PORT.read(settings)) {
      throw new Settings.InvalidSetting(
          PORT.name(), Integer.toString(wanted.get().port()), "another port than PORT");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(wanted.get().address());
    } catch (IOException e) {
      throw new Settings.InvalidSetting(
          PORT.name(),
          Integer.toString(wanted.get().port()),
          "a free port (" + e.getMessage() + ")");
    }
  }

  InetSocketAddress address() {
    return host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }
}
