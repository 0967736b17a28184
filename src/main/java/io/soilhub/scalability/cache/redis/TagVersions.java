package io.soilhub.scalability.cache.redis;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;

/// What one node knows of one Redis server's tags in one epoch, kept true by the log. When the node
/// missed part of the log, or the epoch changed, it begins with a new set of tag versions;
/// everything that was valid by the old one is void at once, without a look at it.
public final class TagVersions {

  /// The current version of a tag. Entries in memory keep a reference, so that a hit costs one
  /// volatile read a tag.
  private static final class TagVersion {
    private volatile long version;
    private long seq;

    TagVersion(long version, long seq) {
      this.version = version;
      this.seq = seq;
    }

    /// Answers and log records overtake each other: the later mutation counts.
    synchronized void learn(long newVersion, long at) {
      if (at >= seq) {
        seq = at;
        version = newVersion;
      }
    }

    /// Nobody will tell it of changes any more: what carries the tag is void for good.
    synchronized void giveUp() {
      seq = Long.MAX_VALUE;
      version = UNKNOWN;
    }
  }

  private static final class Identity {}

  /// What an entry in memory was true for: the whole set, and the versions of its tags.
  public static final class Stamp {
    private final Identity whole;
    private final TagVersion[] tags;
    private final long[] versions;

    private Stamp(Identity whole, TagVersion[] tags, long[] versions) {
      this.whole = whole;
      this.tags = tags;
      this.versions = versions;
    }

    /// How many tags it has.
    public int size() {
      return tags.length;
    }

    /// Whether it was made of this set.
    public boolean of(TagVersions set) {
      return whole == set.identity;
    }

    /// Whether nothing it depends on was invalidated since.
    public boolean holds(TagVersions current) {
      if (whole != current.identity) {
        return false;
      }
      for (int i = 0; i < tags.length; i++) {
        if (tags[i].version != versions[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /// Memory that the tags of one server may take. A flood of them drives out those that are seldom
  /// asked for, and what carries those is read from the server again.
  private static final long MOST_BYTES = 16L << 20;

  /// A node of the map, the name's objects and the version.
  private static final int TAG_BYTES = 200;

  private static final long UNKNOWN = -1;

  private final long epoch;

  /// What stamps keep, so that they do not keep the tags of a set that is over.
  private final Identity identity = new Identity();

  private final ConcurrentMap<String, TagVersion> tags =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((String tag, TagVersion _) -> TAG_BYTES + 2 * tag.length())
          .evictionListener(TagVersions::evicted)
          .build()
          .asMap();
  private volatile long applied;
  private volatile long tagChanges;

  TagVersions(long epoch) {
    this.epoch = epoch;
  }

  long epoch() {
    return epoch;
  }

  /// This set while its epoch lasts, else a new one.
  TagVersions ofEpoch(long newest) {
    return newest > epoch ? new TagVersions(newest) : this;
  }

  private static void evicted(String tag, TagVersion known, RemovalCause cause) {
    known.giveUp();
  }

  /// @param seq number of the mutation up to which the version is known to be the current one
  void learn(String tag, long version, long seq) {
    TagVersion known = tags.get(tag);
    if (known != null) {
      known.learn(version, seq);
      return;
    }
    TagVersion learned = new TagVersion(version, seq);
    known = tags.putIfAbsent(tag, learned);
    if (known != null) {
      known.learn(version, seq);
    } else if (applied > seq) {
      // The log may have told of a change just before there was anything to change.
      learned.learn(UNKNOWN, applied);
    }
  }

  /// To be called before the changes of a mutation.
  void applying(long seq) {
    applied = seq;
  }

  /// How many changes of tags the log has told of.
  public long tagChanges() {
    return tagChanges;
  }

  /// A change that the log tells of, by its one reader. Tags that no entry here carries are not
  /// remembered.
  void changed(String tag, long version, long seq) {
    long changes = tagChanges;
    tagChanges = changes + 1;
    TagVersion known = tags.get(tag);
    if (known != null) {
      known.learn(version, seq);
    }
  }

  /// What an entry with these versions is true for, if all its tags are known here.
  Optional<Stamp> stamp(List<EncodedEntry.NotedTag> noted) {
    TagVersion[] known = new TagVersion[noted.size()];
    long[] versions = new long[known.length];
    for (int i = 0; i < known.length; i++) {
      known[i] = tags.get(noted.get(i).tag());
      if (known[i] == null) {
        return Optional.empty();
      }
      versions[i] = noted.get(i).version();
    }
    return Optional.of(new Stamp(identity, known, versions));
  }
}
