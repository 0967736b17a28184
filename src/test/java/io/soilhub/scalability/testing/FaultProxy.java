package io.soilhub.scalability.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The network between a client and a server on this machine, and what can go wrong with it: a TCP
/// proxy on a loopback port that it keeps, which passes bytes on until told otherwise. Faults apply
/// to one direction and to open connections as well as to new ones; the verbs return when the fault
/// is in force, but what was already on its way to a socket still arrives.
///
/// A frozen direction is a half-open connection: nothing passes, not even the end of the stream,
/// and nobody is told. As with a real network that heals, what was held back passes on afterwards,
/// unless [#reset] came first. Connecting still succeeds while frozen, like a connect that a
/// backlog takes; [#refuse] makes it fail.
public final class FaultProxy implements AutoCloseable {

  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private static final int CONNECT_MILLIS = 2000;

  private final InetSocketAddress server;
  private final int port;
  private final Map<Direction, FaultyPath> paths = new EnumMap<>(Direction.class);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /// Null while connections are refused.
  private ServerSocket listener;

  private Thread accepting;

  private boolean closed;

  private FaultProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    for (Direction direction : Direction.values()) {
      paths.put(direction, new FaultyPath());
    }
    this.port = Ports.free();
    this.listener = listen();
  }

  /// @param port where the server listens on loopback; it need not run yet
  public static FaultProxy before(int port) {
    try {
      return new FaultProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where clients connect, on loopback.
  public int port() {
    return port;
  }

  /// Heals everything: no delay, nothing frozen, connections accepted.
  public synchronized void pass() {
    paths.values().forEach(FaultyPath::pass);
    accept();
  }

  /// From now on every byte takes `latency` longer; bytes keep their order and the throughput is
  /// not limited. Zero ends it.
  public void delay(Direction direction, Duration latency) {
    paths.get(direction).delay(latency);
  }

  public void freeze(Direction direction) {
    paths.get(direction).freeze();
  }

  /// Freezes both directions.
  public void freeze() {
    paths.values().forEach(FaultyPath::freeze);
  }

  /// Ends all open connections with a reset towards both sides. New ones are accepted.
  public synchronized void reset() {
    sockets.forEach(FaultProxy::reset);
    sockets.clear();
  }

  /// Resets all connections and lets no new one in until [#pass].
  public synchronized void refuse() {
    closeListener();
    reset();
  }

  /// Connections that are open through the proxy.
  public int connections() {
    return sockets.size() / 2;
  }

  /// Resets all connections and gives the port up. Afterwards the proxy is of no use.
  @Override
  public synchronized void close() {
    closed = true;
    refuse();
    paths.values().forEach(FaultyPath::pass);
  }

  private void accept() {
    if (listener == null && !closed) {
      try {
        listener = listen();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private ServerSocket listen() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    accepting = Thread.ofVirtual().name("fault-proxy").start(() -> acceptFrom(socket));
    return socket;
  }

  private void acceptFrom(ServerSocket socket) {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> connect(socket, client));
      }
    } catch (IOException _) {
      // closed by refuse() or close()
    }
  }

  private void connect(ServerSocket accepter, Socket client) {
    Socket upstream = new Socket();
    try {
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      upstream.connect(server, CONNECT_MILLIS);
      join(accepter, client, upstream);
    } catch (IOException _) {
      reset(client);
      reset(upstream);
    }
  }

  private synchronized void join(ServerSocket accepter, Socket client, Socket upstream)
      throws IOException {
    if (accepter.isClosed()) {
      throw new IOException("refused while it was accepted");
    }
    sockets.add(client);
    sockets.add(upstream);
    Runnable ended =
        () -> {
          if (client.isOutputShutdown() && upstream.isOutputShutdown()) {
            forget(client, upstream);
          }
        };
    Runnable broken =
        () -> {
          reset(client);
          reset(upstream);
          forget(client, upstream);
        };
    paths.get(Direction.TO_SERVER).carry(client, upstream, ended, broken);
    paths.get(Direction.TO_CLIENT).carry(upstream, client, ended, broken);
  }

  private void forget(Socket client, Socket upstream) {
    sockets.remove(client);
    sockets.remove(upstream);
    closeQuietly(client);
    closeQuietly(upstream);
  }

  private void closeListener() {
    if (listener != null) {
      try {
        listener.close();
        // A virtual thread that waits in accept() keeps the port open until it has woken up.
        accepting.join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a port was closed", e);
      }
      listener = null;
    }
  }

  private static void reset(Socket socket) {
    try {
      // Closing with a linger of zero sends RST instead of FIN (RFC 9293, 3.9.1 ABORT).
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // is closed already
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // nobody waits for it
    }
  }
}
