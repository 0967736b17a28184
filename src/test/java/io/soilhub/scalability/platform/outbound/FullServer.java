package io.soilhub.scalability.platform.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// A port whose queue is full: the system drops further connects, as a firewall does, so that they
/// hang.
public final class FullServer implements AutoCloseable {

  private static final int MOST = 100;
  private static final int PATIENCE_MS = 300;

  private final ServerSocket server;
  private final List<Socket> waiting = new ArrayList<>();

  public FullServer(InetAddress address, int port) throws IOException {
    server = new ServerSocket(port, 1, address);
    for (int i = 0; i < MOST; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(address, port), PATIENCE_MS);
      } catch (SocketTimeoutException _) {
        return;
      }
    }
    throw new IOException("the queue does not become full");
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    server.close();
  }
}
