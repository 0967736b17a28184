package io.soilhub.scalability.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One direction of a [FaultProxy], shared by all its connections. Each connection has one virtual
/// thread that reads and one that writes when the bytes are due, so that a delay adds latency and
/// does not thin the stream out.
final class FaultyPath {

  /// What was read, or that nothing more will be.
  private sealed interface Event {
    long readAt();
  }

  private record Bytes(byte[] bytes, long readAt) implements Event {}

  private record Ended(long readAt) implements Event {}

  private record Broken(long readAt) implements Event {}

  private static final int CHUNK_BYTES = 16 * 1024;

  /// A reader that is this many chunks ahead stops reading, and the sender feels it.
  private static final int CHUNKS_AHEAD = 256;

  private long delayNanos;
  private boolean frozen;

  synchronized void pass() {
    delayNanos = 0;
    frozen = false;
    notifyAll();
  }

  synchronized void delay(Duration latency) {
    delayNanos = latency.toNanos();
    notifyAll();
  }

  synchronized void freeze() {
    frozen = true;
  }

  /// @param ended called when the stream ended in good order
  /// @param broken called when either side broke off
  void carry(Socket from, Socket to, Runnable ended, Runnable broken) {
    BlockingQueue<Event> events = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    Thread writer = Thread.ofVirtual().start(() -> write(events, to, ended, broken));
    Thread.ofVirtual().start(() -> read(from, events, writer));
  }

  private static void read(Socket from, BlockingQueue<Event> events, Thread writer) {
    Event event;
    do {
      event = next(from);
    } while (handedOver(event, events, writer) && event instanceof Bytes);
  }

  private static Event next(Socket from) {
    byte[] buffer = new byte[CHUNK_BYTES];
    try {
      int count = from.getInputStream().read(buffer);
      long now = System.nanoTime();
      return count < 0 ? new Ended(now) : new Bytes(Arrays.copyOf(buffer, count), now);
    } catch (IOException _) {
      return new Broken(System.nanoTime());
    }
  }

  private static boolean handedOver(Event event, BlockingQueue<Event> events, Thread writer) {
    try {
      while (!events.offer(event, 100, TimeUnit.MILLISECONDS)) {
        if (!writer.isAlive()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  private void write(BlockingQueue<Event> events, Socket to, Runnable ended, Runnable broken) {
    try {
      OutputStream out = to.getOutputStream();
      boolean open = true;
      while (open) {
        Event event = events.take();
        awaitDue(event);
        switch (event) {
          case Bytes(byte[] bytes, _) -> out.write(bytes);
          case Ended _ -> to.shutdownOutput();
          case Broken _ -> throw new IOException("the other side broke off");
        }
        open = event instanceof Bytes;
      }
      ended.run();
    } catch (IOException | InterruptedException _) {
      broken.run();
    }
  }

  /// Waits as long as the faults in force say, which may change meanwhile.
  private synchronized void awaitDue(Event event) throws InterruptedException {
    for (long wait = waitNanos(event); wait > 0; wait = waitNanos(event)) {
      TimeUnit.NANOSECONDS.timedWait(this, wait);
    }
  }

  private long waitNanos(Event event) {
    return frozen ? TimeUnit.SECONDS.toNanos(1) : event.readAt() + delayNanos - System.nanoTime();
  }
}
