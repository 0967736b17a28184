package io.soilhub.scalability.coherence;

import io.soilhub.scalability.coherence.Leased.Lease;
import io.soilhub.scalability.platform.RedisScript;
import io.soilhub.scalability.platform.RedisSettings;
import io.soilhub.scalability.platform.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One Redis server as a part of the second level. A *member* is the name of an entry on it, data
/// type and key together. All methods that go to the server end within its timeout and throw
/// [CoherenceAway] when it cannot be reached; after a failure they throw at once until the log
/// could be read again.
public final class Partition implements AutoCloseable {

  private static final RedisScript LEASE = RedisNode.script("lease.lua");
  private static final RedisScript FILL = RedisNode.script("fill.lua");
  private static final RedisScript RELEASE = RedisNode.script("release.lua");
  private static final RedisScript PUT = RedisNode.script("put.lua");
  private static final RedisScript INVALIDATE = RedisNode.script("invalidate.lua");

  private static final Logger LOG = System.getLogger(Partition.class.getName());

  private final RedisSettings server;
  private final RedisNode redis;
  private final InvalidationLog log;
  private final CoalescedReads reads;
  private final Ticker ticker;
  private final Duration leaseTime;
  private final int logLength;
  private final BooleanSupplier readmitted;
  private volatile boolean away = true;
  private volatile boolean durable;

  /// @param node name of this replica, unique among those that use the server
  /// @param forget told the members that others changed
  /// @param readmitted asked before the server is used again after it was away: whether it has been
  ///   told all that it missed
  public Partition(
      CoherenceSettings settings,
      RedisSettings server,
      String node,
      Ticker ticker,
      Consumer<String> forget,
      BooleanSupplier readmitted) {
    this.server = server;
    this.ticker = ticker;
    this.leaseTime = settings.lease();
    this.logLength = settings.logLength();
    this.readmitted = readmitted;
    this.redis = new RedisNode(server, settings.bound(), this::connected);
    this.log = new InvalidationLog(redis, node, settings.bound(), ticker, forget);
    this.reads = new CoalescedReads(redis::entries, 2, 64);
  }

  /// Reads on in the log. To be called again and again with a short pause: it waits for news by
  /// itself, and returns at once while the server is away.
  public void step() {
    try {
      log.step();
      if (away && readmitted.getAsBoolean()) {
        durable = redis.durable();
        away = false;
        LOG.log(Level.INFO, "the shared cache on {0} is in use", server);
      }
    } catch (CoherenceAway e) {
      leave(e);
    }
  }

  /// Whether the server is used at the moment.
  public boolean available() {
    return !away;
  }

  /// Whether the server keeps what it acknowledged over a kill: it syncs its log before it answers,
  /// and evicts nothing. Asked when it comes into use.
  public boolean durable() {
    return durable;
  }

  /// Whether what this node remembers of the server may be given at `now`, monotonic nanoseconds.
  public boolean fresh(long now) {
    return log.fresh(now);
  }

  /// How long ago this node was last known to have heard of every mutation.
  public Duration lag() {
    return log.lag();
  }

  /// The server's clock as this node knows it, milliseconds.
  public long serverMillis() {
    return log.serverMillis(ticker.nanos());
  }

  /// What this node knows at the moment; changes when everything remembered is void.
  public View view() {
    return log.view();
  }

  public boolean holds(View.Stamp stamp) {
    return stamp.holds(log.view());
  }

  /// A valid entry, in one plain read, if this node knows enough to tell that it is valid. Nothing
  /// says only that [#lease] has to be asked.
  public Optional<Stamped> peek(String member) {
    if (!log.fresh(ticker.nanos())) {
      return Optional.empty();
    }
    byte[] bytes = guarded(() -> reads.read(member));
    if (bytes == null) {
      return Optional.empty();
    }
    Frame frame = Frame.of(bytes);
    View view = log.view();
    if (frame.epoch() != view.epoch() || frame.hardEnd() <= serverMillis()) {
      return Optional.empty();
    }
    return view.stamp(frame.tags())
        .filter(stamp -> stamp.holds(view))
        .map(stamp -> new Stamped(frame, Optional.of(stamp)));
  }

  /// @param stamp to check by later whether the entry is still valid; nothing when this node heard
  ///   of a change meanwhile, then the entry may be given once but not remembered
  public record Stamped(Frame frame, Optional<View.Stamp> stamp) {}

  /// The entry, or the right to load it, or the news that another one is loading it.
  ///
  /// @param token identifies the asker, unique for each load
  /// @param reload asks for the right to load although there is a valid entry
  /// @param tags those that the loaded value will surely carry
  public Leased lease(String member, String token, boolean reload, Collection<String> tags) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(RedisNode.bytes(member));
    arguments.add(RedisNode.bytes(token));
    arguments.add(RedisNode.bytes(leaseTime.toMillis()));
    arguments.add(RedisNode.bytes(reload ? "reload" : "read"));
    tags.forEach(tag -> arguments.add(RedisNode.bytes(tag)));
    List<Object> answer = run(LEASE, arguments);
    long epoch = RedisNode.number(answer.get(1));
    long seq = RedisNode.number(answer.get(2));
    byte[] frame = (byte[]) answer.get(5);
    return switch (RedisNode.text(answer.get(0))) {
      case "HIT" -> new Leased.Hit(Frame.of(frame), epoch, seq, RedisNode.number(answer.get(6)));
      case "WAIT" -> new Leased.Busy(expired(frame), seq);
      default ->
          new Leased.Granted(
              new Lease(member, token, epoch, seq, RedisNode.number(answer.get(3))),
              RedisNode.number(answer.get(4)) == 1,
              expired(frame));
    };
  }

  /// Makes sure that this node can tell later whether an entry is still valid.
  public Optional<View.Stamp> stamp(long epoch, List<Frame.NotedTag> tags, long seq) {
    View view = log.view();
    if (view.epoch() != epoch) {
      return Optional.empty();
    }
    tags.forEach(tag -> view.learn(tag.tag(), tag.version(), seq));
    return view.stamp(tags).filter(stamp -> stamp.holds(view));
  }

  /// Stores what was loaded or written under a lease.
  ///
  /// @return the tags with the versions under which it was stored; nothing when the lease is gone,
  ///   because the key or a tag was invalidated since, or because it took too long
  public Optional<Filled> fill(
      Lease lease, Lifetime lifetime, long version, byte[] payload, List<String> tags) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(RedisNode.bytes(lease.member()));
    arguments.add(RedisNode.bytes(lease.token()));
    arguments.add(RedisNode.bytes(lease.epoch()));
    arguments.add(RedisNode.bytes(lease.seq()));
    arguments.add(RedisNode.bytes(lease.tagSeq()));
    addLifetime(arguments, lifetime);
    arguments.add(RedisNode.bytes(version));
    arguments.add(payload);
    tags.forEach(tag -> arguments.add(RedisNode.bytes(tag)));
    List<Object> answer = run(FILL, arguments);
    if (RedisNode.number(answer.get(0)) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Filled(RedisNode.number(answer.get(1)), noted(tags, answer.subList(2, answer.size()))));
  }

  /// @param seq number of the last mutation when it was stored
  public record Filled(long seq, List<Frame.NotedTag> tags) {}

  /// Gives a lease back unused.
  ///
  /// @return whether it was still held
  public boolean release(Lease lease) {
    return RedisNode.number(
            run(RELEASE, List.of(RedisNode.bytes(lease.member()), RedisNode.bytes(lease.token())))
                .getFirst())
        == 1;
  }

  /// Writes an entry, whatever was there.
  ///
  /// @param floor a version that the new one must be above
  /// @param dirty notes in the same step that the third level has to follow
  /// @param owed notes in the same step that the third level must not be believed for the key
  public Mutation put(
      String member,
      Lifetime lifetime,
      long floor,
      boolean dirty,
      boolean owed,
      byte[] payload,
      List<String> tags) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(RedisNode.bytes(member));
    addLifetime(arguments, lifetime);
    arguments.add(RedisNode.bytes(floor));
    arguments.add(flag(dirty));
    arguments.add(flag(owed));
    arguments.add(RedisNode.bytes(logLength));
    arguments.add(payload);
    tags.forEach(tag -> arguments.add(RedisNode.bytes(tag)));
    return mutation(run(PUT, arguments));
  }

  /// Voids entries, and breaks the leases of loads that are under way.
  public Mutation invalidate(
      Collection<String> members, Collection<String> tags, long floor, boolean owed) {
    return mutation(run(INVALIDATE, invalidation(members, tags, floor, owed, "")).subList(0, 4));
  }

  /// Voids an entry and takes the lease on it for a writer, so that no load fills it meanwhile.
  public Begun begin(String member, String token, long floor) {
    List<Object> answer =
        run(INVALIDATE, invalidation(List.of(member), List.of(), floor, false, token));
    Mutation mutation = mutation(answer.subList(0, 4));
    long tagSeq = RedisNode.number(answer.get(4));
    return new Begun(mutation, new Lease(member, token, mutation.epoch(), mutation.seq(), tagSeq));
  }

  public record Begun(Mutation mutation, Lease lease) {}

  /// Tells a server that was away what it missed, while it is not yet used for anything else.
  public void catchUp(Collection<String> members, Collection<String> tags, long floor) {
    redis.run(INVALIDATE, invalidation(members, tags, floor, false, ""));
  }

  /// Waits until no node can give from memory what the mutation voided: until all have applied it,
  /// or a little longer than the bound.
  public void awaitApplied(Mutation mutation) throws InterruptedException {
    log.awaitApplied(mutation);
  }

  @Override
  public void close() {
    redis.close();
  }

  /// What the third level has not heard of yet.
  public Backlog backlog() {
    return new Backlog(this);
  }

  List<List<RedisNode.Owed>> owed(int limit) {
    return guarded(() -> redis.owed(limit));
  }

  List<Object> run(RedisScript script, List<byte[]> arguments) {
    return guarded(() -> redis.run(script, arguments));
  }

  private <T> T guarded(Supplier<T> call) {
    if (away) {
      throw new CoherenceAway(null);
    }
    try {
      return call.get();
    } catch (CoherenceAway e) {
      leave(e);
      throw e;
    }
  }

  private void leave(CoherenceAway failure) {
    if (!away) {
      away = true;
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      LOG.log(Level.WARNING, "the shared cache on {0} is away: {1}", server, cause.getMessage());
    }
  }

  private void connected(long epoch) {
    log.connected(epoch);
  }

  private List<byte[]> invalidation(
      Collection<String> members, Collection<String> tags, long floor, boolean owed, String token) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(RedisNode.bytes(floor));
    arguments.add(flag(owed));
    arguments.add(RedisNode.bytes(logLength));
    arguments.add(RedisNode.bytes(token));
    arguments.add(RedisNode.bytes(leaseTime.toMillis()));
    arguments.add(RedisNode.bytes(members.size()));
    members.forEach(member -> arguments.add(RedisNode.bytes(member)));
    tags.forEach(tag -> arguments.add(RedisNode.bytes(tag)));
    return arguments;
  }

  private static void addLifetime(List<byte[]> arguments, Lifetime lifetime) {
    arguments.add(RedisNode.bytes(lifetime.soft().toMillis()));
    arguments.add(RedisNode.bytes(lifetime.hard().toMillis()));
    arguments.add(RedisNode.bytes(lifetime.keep().toMillis()));
  }

  private static Mutation mutation(List<Object> answer) {
    return new Mutation(
        RedisNode.number(answer.get(0)),
        RedisNode.number(answer.get(1)),
        (int) RedisNode.number(answer.get(2)),
        RedisNode.number(answer.get(3)),
        answer.subList(4, answer.size()).stream().map(RedisNode::number).toList());
  }

  private static List<Frame.NotedTag> noted(List<String> tags, List<Object> versions) {
    List<Frame.NotedTag> noted = new ArrayList<>(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      noted.add(new Frame.NotedTag(tags.get(i), RedisNode.number(versions.get(i))));
    }
    return noted;
  }

  private static Optional<Frame> expired(byte[] frame) {
    return frame.length == 0 ? Optional.empty() : Optional.of(Frame.of(frame));
  }

  private static byte[] flag(boolean set) {
    return RedisNode.bytes(set ? 1 : 0);
  }
}
