package io.soilhub.scalability.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An entry as Redis holds it: the payload, and in front of it what its validity hangs on. It is
/// written by the scripts only (`pack` in state.lua), which know the epoch and the versions at the
/// moment of writing.
///
/// @param softEnd from when the value should be renewed, milliseconds of the Redis server's clock
/// @param hardEnd from when it may be given only as a stale one
public record EncodedEntry(
    long epoch, long version, long softEnd, long hardEnd, List<NotedTag> tags, byte[] payload) {

  /// A tag and the version it had when the value was loaded.
  public record NotedTag(String tag, long version) {}

  private static final byte FORMAT = 1;
  private static final int SHORTEST = 35;

  /// Nothing for bytes that no script of this version wrote.
  static Optional<EncodedEntry> of(byte[] bytes) {
    if (bytes.length < SHORTEST || bytes[0] != FORMAT) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(ByteBuffer.wrap(bytes).position(1)));
    } catch (BufferUnderflowException _) {
      return Optional.empty();
    }
  }

  private static EncodedEntry read(ByteBuffer in) {
    long epoch = in.getLong();
    long version = in.getLong();
    long softEnd = in.getLong();
    long hardEnd = in.getLong();
    int count = Short.toUnsignedInt(in.getShort());
    List<NotedTag> tags = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] tag = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(tag);
      tags.add(new NotedTag(new String(tag, StandardCharsets.UTF_8), in.getLong()));
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new EncodedEntry(epoch, version, softEnd, hardEnd, tags, payload);
  }

  public List<String> tagNames() {
    return tags.stream().map(NotedTag::tag).toList();
  }
}
