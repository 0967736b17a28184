package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.util.List;

/// The bound on what the connections to the server's port can hold in memory. The server bounds the
/// fields of a head, the bytes of a field and the connections, but not a head as a whole, so each
/// connection counts with the longest head that server.xml allows. The rest of the heap is for
/// requests that are complete.
final class ServerConnections {

  /// As in server.xml.
  static final int MOST_FIELDS = 100;

  /// As in server.xml.
  static final int LONGEST_FIELD = 8_192;

  private static final long HEAD = (long) MOST_FIELDS * LONGEST_FIELD;
  private static final int SHARE = 2;

  private static final Setting<Integer> MAX_CONNECTIONS =
      Setting.integer(
          "MAX_CONNECTIONS",
          300,
          10,
          100_000,
          "open connections at PORT, one more is closed at once; all of them together may hold"
              + " half of the heap, 800 KiB each");

  static final List<Setting<?>> ALL = List.of(MAX_CONNECTIONS);

  private ServerConnections() {}

  /// @param heap bytes that the heap may have
  /// @throws Settings.InvalidSetting when so many connections could hold more than half of the heap
  static void check(Settings settings, long heap) {
    int wanted = MAX_CONNECTIONS.read(settings);
    long most = heap / SHARE / HEAD;
    if (wanted > most) {
      throw new Settings.InvalidSetting(
          MAX_CONNECTIONS.name(),
          Integer.toString(wanted),
          "at most %d with a heap of %d MiB (-Xmx)".formatted(most, heap >> 20));
    }
  }
}
