package io.soilhub.scalability.gateway.downstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/// A client's socket that tells another thread whether the client has disconnected, while the
/// thread that serves it waits for something else. Only a read tells. What such a read brings, the
/// beginning of a body or of the next request, is kept for the next reader; there is a bound on it,
/// beyond which nothing is seen.
final class WatchedSocket {

  private static final Logger LOG = System.getLogger(WatchedSocket.class.getName());
  private static final int ROOM = 4 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final boolean abortOnClose;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private ByteBuffer early = NOTHING;

  /// @param abortOnClose whether a client that has closed its side counts as disconnected, although
  ///   it could still read
  WatchedSocket(SocketChannel channel, boolean abortOnClose) {
    this.channel = channel;
    this.abortOnClose = abortOnClose;
  }

  Socket socket() {
    return channel.socket();
  }

  /// Ends the connection, from any thread.
  void cut() {
    try {
      channel.socket().close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection does not close", e);
    }
  }

  /// Ends the connection with a reset, by which the client loses what it has not read yet.
  void reset() {
    try {
      channel.socket().setSoLinger(true, 0);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
    }
    cut();
  }

  /// Whether the client has disconnected. It never waits: while another thread reads or writes, and
  /// would see it as well, the result is false.
  boolean isGone() {
    if (!reading.tryLock()) {
      return false;
    }
    try {
      if (!writing.tryLock()) {
        return false;
      }
      try {
        return look();
      } finally {
        writing.unlock();
      }
    } finally {
      reading.unlock();
    }
  }

  private boolean look() {
    if (early.remaining() == ROOM) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      ByteBuffer room = early.capacity() == 0 ? ByteBuffer.allocate(ROOM) : early.compact();
      try {
        return channel.read(room) < 0 && abortOnClose;
      } finally {
        early = room.flip();
        channel.configureBlocking(true);
      }
    } catch (IOException _) {
      return true;
    }
  }

  InputStream in() throws IOException {
    InputStream in = channel.socket().getInputStream();
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int most) throws IOException {
        reading.lock();
        try {
          if (!early.hasRemaining()) {
            return in.read(bytes, offset, most);
          }
          int got = Math.min(most, early.remaining());
          early.get(bytes, offset, got);
          return got;
        } finally {
          reading.unlock();
        }
      }
    };
  }

  OutputStream out() throws IOException {
    OutputStream out = channel.socket().getOutputStream();
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        writing.lock();
        try {
          out.write(bytes, offset, count);
        } finally {
          writing.unlock();
        }
      }
    };
  }
}
