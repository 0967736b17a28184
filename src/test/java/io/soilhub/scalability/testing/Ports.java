package io.soilhub.scalability.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that a test starts, ends and starts again.
///
/// They lie below the range from which Linux takes the ports of clients (32768 to 60999). A port of
/// that range may go to any connection while its server is away, and a client that asks for it then
/// can even be connected to itself.
final class Ports {

  private static final int FIRST = 12_000;
  private static final int LAST = 32_000;

  private Ports() {}

  /// @return a port of loopback on which nobody listens now
  static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException _) {
        // somebody has it: try another one
      }
    }
  }
}
