package io.soilhub.scalability.platform.outbound;

import io.soilhub.scalability.platform.core.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One connect to whichever of a host's addresses takes it first (RFC 8305, section 5): the next
/// address is tried as soon as one has failed, or beside it when it has not answered within a
/// quarter of a second. The order is the resolver's.
public final class HappyEyeballs implements AutoCloseable {

  private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(250);

  /// A name is tried at no more addresses: who owns it may list as many as he likes.
  private static final int MOST = 8;

  private sealed interface Outcome {}

  private record Connected(SocketChannel channel) implements Outcome {}

  private record Failed(IOException why) implements Outcome {}

  private final Ticker ticker;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final Set<SocketChannel> open = new HashSet<>();
  private boolean closed;

  public HappyEyeballs(Ticker ticker) {
    this.ticker = ticker;
  }

  /// Called once.
  ///
  /// @param limit of all of it
  /// @return connected and blocking; to be closed by the caller
  /// @throws IOException of the last address that failed, or of the time
  public SocketChannel connect(List<InetAddress> addresses, int port, Duration limit)
      throws IOException {
    long end = ticker.nanos() + limit.toNanos();
    IOException failure = new ConnectException("the host has no address");
    Iterator<InetAddress> next = addresses.stream().limit(MOST).iterator();
    int running = 0;
    try {
      while (next.hasNext() || running > 0) {
        long left = end - ticker.nanos();
        if (left <= 0) {
          throw new SocketTimeoutException(
              "not connected within %d ms".formatted(limit.toMillis()));
        }
        if (next.hasNext()) {
          begin(new InetSocketAddress(next.next(), port), left);
          running++;
        }
        switch (outcomes.poll(
            next.hasNext() ? Math.min(DELAY, left) : left, TimeUnit.NANOSECONDS)) {
          case null -> {}
          case Failed(IOException why) -> {
            failure = why;
            running--;
          }
          case Connected(SocketChannel channel) -> {
            return won(channel);
          }
        }
      }
      throw failure;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("given up");
    } finally {
      close();
    }
  }

  /// Gives it up from another thread; nothing once it is connected.
  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(HappyEyeballs::close);
    open.clear();
  }

  /// Known before it connects, so that one that is too late is closed in any case.
  private synchronized void begin(InetSocketAddress address, long left) throws IOException {
    if (closed) {
      throw new ConnectException("given up");
    }
    SocketChannel channel = SocketChannel.open();
    open.add(channel);
    int millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, Integer.MAX_VALUE);
    Thread.ofVirtual().name("connect").start(() -> outcomes.add(outcome(channel, address, millis)));
  }

  private static Outcome outcome(SocketChannel channel, InetSocketAddress address, int millis) {
    try {
      channel.socket().connect(address, millis);
      return new Connected(channel);
    } catch (IOException e) {
      close(channel);
      return new Failed(e);
    }
  }

  private synchronized SocketChannel won(SocketChannel channel) throws ConnectException {
    if (!open.remove(channel)) {
      throw new ConnectException("given up");
    }
    return channel;
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // then it is no more
    }
  }
}
