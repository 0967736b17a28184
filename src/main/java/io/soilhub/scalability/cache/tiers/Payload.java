package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// A value as the second and third level hold it: one byte that says how, then the value's own
/// bytes, deflated when that is worth it.
///
/// @param mostBytes longest value to be stored, before compression. One that another replica has
///   stored is read whatever this one's limit is
/// @param deflateFrom shortest value that is tried to be compressed
record Payload(int mostBytes, int deflateFrom) {

  /// No limit of a replica is above this.
  static final int LONGEST = 100 << 20;

  /// No deflated bytes become more than so many times as many.
  private static final int MOST_EXPANSION = 1032;

  private static final byte PLAIN = 0;
  private static final byte NULL = 1;
  private static final byte DEFLATED = 2;

  /// @throws Problem TOO_LARGE
  <V> byte[] encode(Optional<V> value, Codec<V> codec) {
    if (value.isEmpty()) {
      return new byte[] {NULL};
    }
    byte[] bytes = codec.encode(value.get());
    if (bytes.length > mostBytes) {
      throw new Problem(
          Problem.Kind.TOO_LARGE,
          "value-too-large",
          "the value has %d bytes, at most %d are cached".formatted(bytes.length, mostBytes));
    }
    byte[] packed = bytes.length < deflateFrom ? bytes : deflate(bytes);
    if (packed.length < bytes.length) {
      return packed;
    }
    byte[] plain = new byte[bytes.length + 1];
    plain[0] = PLAIN;
    System.arraycopy(bytes, 0, plain, 1, bytes.length);
    return plain;
  }

  /// @throws UncheckedIOException when the bytes cannot be read by this version
  <V> Optional<V> decode(byte[] payload, Codec<V> codec) {
    if (payload.length == 0) {
      throw unreadable("has no form", null);
    }
    return switch (payload[0]) {
      case NULL -> Optional.empty();
      case PLAIN -> decoded(Arrays.copyOfRange(payload, 1, payload.length), codec);
      case DEFLATED -> decoded(inflate(payload), codec);
      default -> throw unreadable("unknown form " + payload[0], null);
    };
  }

  /// Nothing when the bytes cannot be read: those of an older version of the service are no value.
  <V> Optional<Optional<V>> tryDecode(byte[] payload, Codec<V> codec) {
    try {
      return Optional.of(decode(payload, codec));
    } catch (UncheckedIOException _) {
      return Optional.empty();
    }
  }

  /// Bytes of the value itself, as they are when nothing is compressed.
  ///
  /// @param payload that can be decoded
  static int length(byte[] payload) {
    return payload[0] == DEFLATED ? ByteBuffer.wrap(payload).getInt(1) : payload.length - 1;
  }

  private static <V> Optional<V> decoded(byte[] bytes, Codec<V> codec) {
    V value;
    try {
      value = codec.decode(bytes);
    } catch (RuntimeException e) {
      throw unreadable("is refused by its codec", e);
    }
    if (value == null) {
      throw unreadable("is a null where none may be", null);
    }
    return Optional.of(value);
  }

  private static byte[] deflate(byte[] bytes) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] out = new byte[bytes.length];
      int length = deflater.deflate(out, 5, out.length - 5);
      if (!deflater.finished()) {
        return bytes;
      }
      ByteBuffer.wrap(out).put(DEFLATED).putInt(bytes.length);
      return Arrays.copyOf(out, length + 5);
    }
  }

  private static byte[] inflate(byte[] payload) {
    if (payload.length < 5) {
      throw unreadable("has no length", null);
    }
    int length = ByteBuffer.wrap(payload).getInt(1);
    if (length < 0 || length > Math.min(LONGEST, MOST_EXPANSION * (long) payload.length)) {
      throw unreadable("says to be of %d bytes".formatted(length), null);
    }
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(payload, 5, payload.length - 5);
      byte[] bytes = new byte[length];
      if (inflater.inflate(bytes) != length) {
        throw unreadable("is shorter than it says", null);
      }
      return bytes;
    } catch (DataFormatException e) {
      throw unreadable("is not deflated", e);
    }
  }

  private static UncheckedIOException unreadable(String why, Exception cause) {
    return new UncheckedIOException(new IOException("a cached value " + why, cause));
  }
}
