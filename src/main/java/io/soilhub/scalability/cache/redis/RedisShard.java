package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.cache.redis.LeaseReply.Lease;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.redis.RedisScript;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One Redis server as a part of the second level. A *member* is the name of an entry on it, data
/// type and key together. All methods that go to the server end within its timeout and throw
/// [RedisUnavailable] when it cannot be reached; after a failure they throw at once until the log
/// could be read again.
public final class RedisShard implements AutoCloseable {

  private static final RedisScript LEASE = RedisNode.script("lease.lua");
  private static final RedisScript FILL = RedisNode.script("fill.lua");
  private static final RedisScript RELEASE = RedisNode.script("release.lua");
  private static final RedisScript PUT = RedisNode.script("put.lua");
  private static final RedisScript INVALIDATE = RedisNode.script("void.lua", "invalidate.lua");
  private static final RedisScript RELAY = RedisNode.script("void.lua", "relay.lua");

  private final int number;
  private final AtomicReference<TagVersions> tagVersions =
      new AtomicReference<>(new TagVersions(0));
  private final RedisNode redis;
  private final InvalidationLog log;
  private final ReadBatcher reads;
  private final Ticker ticker;
  private final Duration leaseTime;
  private final int logLength;
  private final ShardAvailability availability;

  /// @param number of the server in the settings
  /// @param node name of this replica, unique among those that use the server
  /// @param forget told the members that others changed
  public RedisShard(
      RedisCacheSettings settings,
      int number,
      String node,
      Ticker ticker,
      Consumer<String> forget) {
    this.number = number;
    this.ticker = ticker;
    this.leaseTime = settings.lease();
    this.logLength = settings.logLength();
    RedisSettings server = settings.servers().get(number);
    this.redis =
        new RedisNode(
            server,
            settings.bound(),
            epoch -> tagVersions.updateAndGet(current -> current.ofEpoch(epoch)));
    this.log = new InvalidationLog(redis, tagVersions, node, settings.bound(), ticker, forget);
    this.availability = new ShardAvailability(server, redis, log, ticker);
    this.reads = new ReadBatcher(redis::entries, 2, 64);
  }

  /// Reads on in the log. To be called again and again: it waits for news by itself, and a little
  /// while the server is away.
  ///
  /// @param catchUp tells the server what it missed, and says whether that was all. Asked before
  ///   this node answers from memory again after it could not, and before the server is used again
  ///   after it was away
  public void step(BooleanSupplier catchUp) {
    availability.step(catchUp);
  }

  /// The server's number in the settings.
  public int number() {
    return number;
  }

  /// Whether the server is used at the moment.
  public boolean available() {
    return availability.used();
  }

  /// Whether the server keeps what it acknowledged over a kill: it syncs its log before it answers,
  /// and evicts nothing. Asked when it comes into use.
  public boolean durable() {
    return availability.durable();
  }

  /// Whether some node writes behind, as far as this one has heard: then the third level may be
  /// older than what the server has. What was last heard counts while the server is away.
  public boolean writesBehind() {
    return log.writesBehind();
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
  public TagVersions tagVersions() {
    return tagVersions.get();
  }

  /// A valid entry, in one plain read, if this node knows enough to tell that it is valid. Nothing
  /// says only that [#lease] has to be asked.
  public Optional<ValidEntry> getIfValid(String member) {
    if (!log.fresh(ticker.nanos())) {
      return Optional.empty();
    }
    byte[] bytes = availability.guarded(() -> reads.read(member));
    if (bytes == null) {
      return Optional.empty();
    }
    TagVersions current = tagVersions.get();
    return EncodedEntry.of(bytes)
        .filter(
            encodedEntry ->
                encodedEntry.epoch() == current.epoch() && encodedEntry.hardEnd() > serverMillis())
        .flatMap(
            encodedEntry ->
                current
                    .stamp(encodedEntry.tags())
                    .filter(stamp -> stamp.holds(current))
                    .map(stamp -> new ValidEntry(encodedEntry, stamp)));
  }

  /// The entry, or the right to load it, or the news that another one is loading it.
  ///
  /// @param token identifies the asker, unique for each load
  /// @param reload asks for the right to load although there is a valid entry
  /// @param tags those that the loaded value will surely carry
  public LeaseReply lease(String member, String token, boolean reload, Collection<String> tags) {
    Arguments arguments =
        Arguments.of(member, token)
            .add(leaseTime.toMillis())
            .add(reload ? "reload" : "read")
            .addAll(tags);
    return LeaseReply.of(member, token, run(LEASE, arguments));
  }

  /// Makes sure that this node can tell later whether an entry is still valid.
  public Optional<TagVersions.Stamp> stamp(long epoch, List<EncodedEntry.NotedTag> tags, long seq) {
    TagVersions current = tagVersions.get();
    if (current.epoch() != epoch) {
      return Optional.empty();
    }
    tags.forEach(tag -> current.learn(tag.tag(), tag.version(), seq));
    return current.stamp(tags).filter(stamp -> stamp.holds(current));
  }

  /// Stores what was loaded or written under a lease.
  ///
  /// @return the tags with the versions under which it was stored; nothing when the lease is gone,
  ///   because the key or a tag was invalidated since, or because it took too long, and when the
  ///   server has no memory for it
  public Optional<FillReply> fill(
      Lease lease, Lifetime lifetime, long version, byte[] payload, List<String> tags) {
    Arguments arguments =
        Arguments.of(lease.member(), lease.token())
            .add(lease.epoch())
            .add(lease.seq())
            .add(lease.tagSeq())
            .add(lifetime)
            .add(version)
            .add(payload)
            .addAll(tags);
    return FillReply.of(tags, run(FILL, arguments));
  }

  /// Gives a lease back unused.
  ///
  /// @return whether it was still held
  public boolean release(Lease lease) {
    return RedisNode.number(run(RELEASE, Arguments.of(lease.member(), lease.token())).getFirst())
        == 1;
  }

  /// Writes an entry, whatever was there.
  ///
  /// @throws RedisFull when there is no memory for it; then what was there stays
  /// @param floor a version that the new one must be above
  /// @param dirty notes in the same step that the third level has to follow
  public Mutation put(
      String member,
      Lifetime lifetime,
      long floor,
      boolean dirty,
      PendingChange pending,
      byte[] payload,
      List<String> tags) {
    Arguments arguments =
        Arguments.of(member)
            .add(lifetime)
            .add(floor)
            .add(dirty)
            .add(pending.thirdLevel())
            .add(logLength)
            .add(payload)
            .add(tags.size())
            .addAll(tags)
            .addAll(pending.purges());
    return Mutation.of(run(PUT, arguments));
  }

  /// Voids entries, and breaks the leases of loads that are under way.
  public Mutation invalidate(
      Collection<String> members, Collection<String> tags, long floor, PendingChange pending) {
    return Mutation.of(run(INVALIDATE, invalidation(members, tags, floor, pending, "")));
  }

  /// Voids an entry and takes the lease on it for a writer, so that no load fills it meanwhile.
  public WriteLease begin(String member, String token, long floor) {
    Arguments arguments =
        invalidation(List.of(member), List.of(), floor, PendingChange.NONE, token);
    return WriteLease.of(member, token, run(INVALIDATE, arguments));
  }

  /// Tells the server what it missed, also while it is not used for anything else. What it has been
  /// told under its name before changes nothing.
  public void relay(Collection<RelayedInvalidation> missed) {
    RelayedInvalidation.calls(logLength, missed).forEach(call -> redis.run(RELAY, call));
  }

  /// Waits until no node can give from memory what the mutation voided: until all have applied it,
  /// or a little longer than the bound.
  ///
  /// @return false when the thread was interrupted before
  public boolean awaitApplied(Mutation mutation) {
    try {
      log.awaitApplied(mutation);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    redis.close();
  }

  /// What the third level has not heard of yet.
  public Backlog backlog() {
    return new Backlog(this);
  }

  List<List<RedisNode.PendingName>> pending(int limit) {
    return availability.guarded(() -> redis.pending(limit));
  }

  List<Object> run(RedisScript script, Arguments arguments) {
    return availability.guarded(() -> redis.run(script, arguments));
  }

  private Arguments invalidation(
      Collection<String> members,
      Collection<String> tags,
      long floor,
      PendingChange pending,
      String token) {
    return new Arguments()
        .add(floor)
        .add(pending.thirdLevel())
        .add(logLength)
        .add(token)
        .add(leaseTime.toMillis())
        .add(members.size())
        .add(tags.size())
        .addAll(members)
        .addAll(tags)
        .addAll(pending.purges());
  }
}
