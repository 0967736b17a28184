package io.soilhub.scalability.coherence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An entry as Redis holds it: the payload, and in front of it what its validity hangs on. It is
/// written by the scripts only (`pack` in state.lua), which know the epoch and the versions at the
/// moment of writing.
///
/// @param softEnd from when the value should be renewed, milliseconds of the Redis server's clock
/// @param hardEnd from when it may be given only as a stale one
public record Frame(
    long epoch, long version, long softEnd, long hardEnd, List<NotedTag> tags, byte[] payload) {

  /// A tag and the version it had when the value was loaded.
  public record NotedTag(String tag, long version) {}

  private static final byte FORMAT = 1;

  /// @throws IllegalArgumentException for bytes that no script of this version wrote
  static Frame of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < 35 || in.get() != FORMAT) {
      throw new IllegalArgumentException("not a frame of this version");
    }
    long epoch = in.getLong();
    long version = in.getLong();
    long softEnd = in.getLong();
    long hardEnd = in.getLong();
    int count = in.getShort();
    List<NotedTag> tags = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] tag = new byte[in.getShort()];
      in.get(tag);
      tags.add(new NotedTag(new String(tag, StandardCharsets.UTF_8), in.getLong()));
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new Frame(epoch, version, softEnd, hardEnd, tags, payload);
  }

  public List<String> tagNames() {
    return tags.stream().map(NotedTag::tag).toList();
  }
}
