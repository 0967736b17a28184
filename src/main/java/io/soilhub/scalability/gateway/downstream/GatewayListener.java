package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.Deadlines;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Accepts connections at the gateway's own port, each on a virtual thread of its own. A connection
/// over the limit waits in the system's queue.
final class GatewayListener implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GatewayListener.class.getName());
  private static final int QUEUE = 1024;

  /// What a connection takes at most, with the longest head.
  private static final long MEMORY_OF_ONE = 256 * 1024;

  private static final int MOST =
      Math.clamp(Runtime.getRuntime().maxMemory() / MEMORY_OF_ONE, 100, 10_000);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ServerSocketChannel server;
  private final GatewayListenerSettings settings;
  private final RequestHandler handler;
  private final Deadlines deadlines;
  private final Semaphore free = new Semaphore(MOST);
  private final Set<DownstreamConnection> open = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean stopping;

  private GatewayListener(
      ServerSocketChannel server,
      GatewayListenerSettings settings,
      RequestHandler handler,
      Deadlines deadlines) {
    this.server = server;
    this.settings = settings;
    this.handler = handler;
    this.deadlines = deadlines;
    this.thread = Thread.ofPlatform().name("gateway-listener").daemon().unstarted(this::accept);
  }

  /// @throws IOException when the address cannot be listened at
  static GatewayListener at(
      GatewayListenerSettings settings, RequestHandler handler, Deadlines deadlines)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.socket().setReuseAddress(true);
      server.bind(settings.address(), QUEUE);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    GatewayListener listener = new GatewayListener(server, settings, handler, deadlines);
    listener.thread.start();
    return listener;
  }

  /// Accepts no more connections, ends those that wait for a request, lets exchanges that are under
  /// way end, and cuts what is left after the grace.
  @Override
  public void close() {
    stopping = true;
    try {
      server.close();
      open.forEach(DownstreamConnection::stop);
      if (!free.tryAcquire(MOST, settings.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        open.forEach(connection -> connection.client().cut());
        free.tryAcquire(MOST, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the gateway's port does not close", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!stopping) {
      try {
        free.acquire();
        serve(next());
      } catch (IOException e) {
        free.release();
        pause(e);
      } catch (RuntimeException | Error e) {
        free.release();
        LOG.log(Level.ERROR, "the gateway goes on taking connections after a failure", e);
        pause(e);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private SocketChannel next() throws IOException {
    SocketChannel channel = server.accept();
    channel.socket().setTcpNoDelay(true);
    return channel;
  }

  private void serve(SocketChannel channel) throws IOException {
    DownstreamConnection connection =
        new DownstreamConnection(
            new WatchedSocket(channel, settings.abortOnClose()), handler, deadlines);
    open.add(connection);
    if (stopping) {
      connection.stop();
    }
    Thread.ofVirtual()
        .name("gateway-connection")
        .start(
            () -> {
              try {
                connection.run();
              } finally {
                open.remove(connection);
                free.release();
              }
            });
  }

  /// What keeps connections from being accepted, for instance too many open files, may pass.
  private void pause(Throwable cause) {
    if (stopping) {
      return;
    }
    LOG.log(Level.WARNING, "the gateway cannot take a connection: {0}", cause.getMessage());
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException _) {
      stopping = true;
    }
  }
}
