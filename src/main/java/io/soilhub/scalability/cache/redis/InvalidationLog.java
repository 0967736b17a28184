package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.redis.RedisScript;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One node's reading of one server's log of mutations.
///
/// A call that brings nothing new proves that the node was up to date at the moment the call was
/// *sent*; from then on it may answer from memory for the length of the bound, by its own monotonic
/// clock. Each call also says what the node has applied. So a mutation is over when every node has
/// either applied it or been silent for longer than the bound, in which case it answers nothing
/// from memory: a lease in the sense of Gray and Cheriton (1989), with one lease for the whole
/// memory of a node. Only rates of clocks matter, no clock is compared with another. The bound is
/// each node's own: it is said along with what was applied, and the longest one counts.
final class InvalidationLog {

  private record Position(long epoch, long applied, String id) {}

  private record Waiter(long epoch, long seq, CountDownLatch done) {}

  private static final Logger LOG = System.getLogger(InvalidationLog.class.getName());
  private static final RedisScript TAIL = RedisNode.script("tail.lua");
  private static final RedisScript APPLIED = RedisNode.script("applied.lua");
  private static final int MOST_RECORDS = 500;
  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Position NOWHERE = new Position(0, 0, "");

  private final RedisNode redis;
  private final String node;
  private final Duration bound;
  private final Ticker ticker;
  private final Consumer<String> forget;
  private final AtomicReference<TagVersions> tagVersions;
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final Semaphore asking = new Semaphore(1);

  private Position position = NOWHERE;
  private volatile long freshUntil;
  private volatile long clockOffset;
  private volatile Duration longestBound;
  private volatile boolean writesBehind;

  /// @param tagVersions what the node knows of the server, which a new connection may replace as
  ///   well
  InvalidationLog(
      RedisNode redis,
      AtomicReference<TagVersions> tagVersions,
      String node,
      Duration bound,
      Ticker ticker,
      Consumer<String> forget) {
    this.redis = redis;
    this.tagVersions = tagVersions;
    this.node = node;
    this.bound = bound;
    this.longestBound = bound;
    this.ticker = ticker;
    this.forget = forget;
    this.freshUntil = ticker.nanos() - 1;
  }

  /// Whether what this node remembers may be given at `now`, monotonic nanoseconds.
  boolean fresh(long now) {
    return freshUntil - now >= 0;
  }

  /// Whether some node writes behind, as far as this one has heard.
  boolean writesBehind() {
    return writesBehind;
  }

  /// How long ago the node was last known to be up to date.
  Duration lag() {
    return Duration.ofNanos(ticker.nanos() - freshUntil).plus(bound);
  }

  /// The server's clock, milliseconds, as far as this node can tell.
  long serverMillis(long now) {
    return TimeUnit.NANOSECONDS.toMillis(now) + clockOffset;
  }

  /// Waits for news, but not for longer than a fifth of the bound.
  ///
  /// @throws RedisUnavailable when the server cannot be reached
  void awaitNews() {
    if (!position.id().isEmpty()) {
      redis.awaitMutation(position.id(), bound.dividedBy(5));
    }
  }

  /// Takes the news in.
  ///
  /// @param mayAnswer asked for each call to the server, before its answer is known: whether this
  ///   node may answer from memory when it turns out to have been up to date. It must not when it
  ///   could not before: then changes may have been made that the server has not been told of.
  /// @throws RedisUnavailable when the server cannot be reached
  void read(BooleanSupplier mayAnswer) {
    boolean more = true;
    while (more) {
      more = catchUp(mayAnswer);
    }
  }

  /// Waits until no node can give from memory what the mutation voided. One of those who wait asks
  /// for all of them.
  void awaitApplied(Mutation mutation) throws InterruptedException {
    // Once its bound has passed, a node has either asked since and applied it, or is silent.
    long begin = ticker.nanos();
    Waiter waiter = new Waiter(mutation.epoch(), mutation.seq(), new CountDownLatch(1));
    waiters.add(waiter);
    try {
      long pause = FIRST_PAUSE;
      while (!waiter.done().await(pause, TimeUnit.NANOSECONDS)
          && ticker.nanos() - begin < longestBound.toNanos() * 6 / 5) {
        askHowFarAllAre();
        pause = Math.min(LONGEST_PAUSE, pause * 3 / 2);
      }
    } finally {
      waiters.remove(waiter);
    }
  }

  private void askHowFarAllAre() {
    if (asking.tryAcquire()) {
      try {
        List<Object> answer = redis.run(APPLIED, new Arguments().add(longestBound.toMillis()));
        learnLongest(RedisNode.number(answer.get(2)));
        release(RedisNode.number(answer.get(0)), RedisNode.number(answer.get(1)));
      } catch (RedisUnavailable _) {
        // the bound passes whether the server answers or not
      } finally {
        asking.release();
      }
    }
  }

  private void learnLongest(long millis) {
    longestBound = Duration.ofMillis(Math.max(bound.toMillis(), millis));
  }

  private boolean catchUp(BooleanSupplier mayAnswer) {
    TagVersions before = tagVersions.get();
    long sent = ticker.nanos();
    boolean renew = mayAnswer.getAsBoolean();
    List<Object> answer =
        redis.run(
            TAIL,
            Arguments.of(node)
                .add(position.applied())
                .add(position.epoch())
                .add(position.id())
                .add(bound.toMillis())
                .add(longestBound.toMillis())
                .add(MOST_RECORDS));
    long epoch = RedisNode.number(answer.get(0));
    long seq = RedisNode.number(answer.get(1));
    clockOffset = RedisNode.number(answer.get(4)) - TimeUnit.NANOSECONDS.toMillis(sent);
    List<Object> records = RedisNode.list(answer.get(5));
    learnLongest(RedisNode.number(answer.get(6)));
    writesBehind = RedisNode.number(answer.get(7)) == 1;
    String newest = RedisNode.text(answer.get(2));
    boolean follows = epoch == position.epoch() && epoch == before.epoch();
    if (!follows || !apply(before, records, seq)) {
      startOver(before, epoch, seq, newest, follows ? "a gap in the log" : "a new epoch");
      return true;
    }
    release(epoch, RedisNode.number(answer.get(3)));
    if (renew && position.applied() == seq) {
      freshUntil = sent + bound.toNanos();
    }
    return !records.isEmpty();
  }

  /// Forgets everything: what was missed is unknown.
  private void startOver(TagVersions before, long epoch, long seq, String id, String why) {
    if (position.epoch() != 0) {
      LOG.log(Level.INFO, "{0}: dropped what was remembered of it", why);
    }
    TagVersions fresh = new TagVersions(epoch);
    fresh.applying(seq);
    // A connection made meanwhile may have told of a newer epoch than this answer: then again.
    position = tagVersions.compareAndSet(before, fresh) ? new Position(epoch, seq, id) : NOWHERE;
  }

  /// @param newest number of the last mutation when the records were given
  /// @return false when the records do not follow on what was applied
  private boolean apply(TagVersions current, List<Object> records, long newest) {
    for (Object record : records) {
      List<Object> pair = RedisNode.list(record);
      List<Object> fields = RedisNode.list(pair.get(1));
      long seq = RedisNode.number(fields.get(1));
      if (seq != position.applied() + 1) {
        return false;
      }
      current.applying(seq);
      applyOne(current, seq, fields);
      position = new Position(position.epoch(), seq, RedisNode.text(pair.get(0)));
    }
    boolean missing = records.isEmpty() && position.applied() != newest;
    return !missing;
  }

  private void applyOne(TagVersions current, long seq, List<Object> fields) {
    for (int i = 2; i < fields.size(); i += 2) {
      String value = RedisNode.text(fields.get(i + 1));
      switch (RedisNode.text(fields.get(i))) {
        case "k" -> forget.accept(value);
        case "t" -> {
          current.changed(value, RedisNode.number(fields.get(i + 3)), seq);
          i += 2;
        }
        default -> throw new IllegalStateException("a log record of another version");
      }
    }
  }

  private void release(long epoch, long appliedByAll) {
    for (Waiter waiter : waiters) {
      if (waiter.epoch() == epoch && waiter.seq() <= appliedByAll) {
        waiter.done().countDown();
      }
    }
  }
}
