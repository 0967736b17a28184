package io.soilhub.scalability.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Turns reads that come at the same time into one round trip. A reader that finds a free lane goes
/// at once, with whatever else is waiting; the others wait for a lane to come back. So a lone
/// reader pays nothing, and under load the batches grow with the load. There is no thread of its
/// own: one of the readers carries the batch.
final class ReadBatcher {

  private static final class Read {
    private final String member;
    private final Thread reader = Thread.currentThread();
    private volatile boolean done;
    private byte[] value;
    private RuntimeException failure;

    Read(String member) {
      this.member = member;
    }

    byte[] result() {
      if (failure != null) {
        throw failure;
      }
      return value;
    }
  }

  private final Function<List<String>, List<byte[]>> roundTrip;
  private final int most;
  private final Semaphore lanes;
  private final Queue<Read> waiting = new ConcurrentLinkedQueue<>();

  /// @param lanes round trips at the same time
  /// @param most reads in one of them
  ReadBatcher(Function<List<String>, List<byte[]>> roundTrip, int lanes, int most) {
    this.roundTrip = roundTrip;
    this.lanes = new Semaphore(lanes);
    this.most = most;
  }

  /// The value of a member, null when there is none. The read starts after this call did.
  byte[] read(String member) {
    Read mine = new Read(member);
    boolean interrupted = false;
    waiting.add(mine);
    while (!mine.done) {
      if (lanes.tryAcquire()) {
        try {
          carry();
        } finally {
          lanes.release();
          callNext();
        }
      } else {
        // Whoever has the lanes calls the next one after giving one back.
        LockSupport.park(this);
        // A read ends soon; an interrupted thread would not park again.
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mine.result();
  }

  private void carry() {
    List<Read> batch = new ArrayList<>();
    Read next = waiting.poll();
    while (next != null) {
      batch.add(next);
      next = batch.size() < most ? waiting.poll() : null;
    }
    if (batch.isEmpty()) {
      return;
    }
    try {
      List<byte[]> values = roundTrip.apply(batch.stream().map(read -> read.member).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).value = values.get(i);
      }
    } catch (RuntimeException e) {
      batch.forEach(read -> read.failure = e);
    } finally {
      for (Read read : batch) {
        read.done = true;
        LockSupport.unpark(read.reader);
      }
    }
  }

  private void callNext() {
    Read next = waiting.peek();
    if (next != null) {
      LockSupport.unpark(next.reader);
    }
  }
}
