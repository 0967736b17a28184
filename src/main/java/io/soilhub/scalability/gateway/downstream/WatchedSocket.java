package io.soilhub.scalability.gateway.downstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/// A caller's socket of which another thread may ask whether the caller has left, while the thread
/// that serves it waits for something else. Only a read tells. What such a read brings, the
/// beginning of a body or of the next request, is kept for who reads next; there is room for so
/// much, and behind it nothing is seen.
final class WatchedSocket {

  private static final int ROOM = 4 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final boolean abortOnClose;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private ByteBuffer early = NOTHING;

  /// @param abortOnClose whether a caller that has closed its side has left, although it could
  ///   still read
  WatchedSocket(SocketChannel channel, boolean abortOnClose) {
    this.channel = channel;
    this.abortOnClose = abortOnClose;
  }

  Socket socket() {
    return channel.socket();
  }

  /// Whether the caller has left. It never waits; while somebody reads or writes, who sees it as
  /// well, it says no.
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
