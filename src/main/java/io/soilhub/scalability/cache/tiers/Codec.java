package io.soilhub.scalability.cache.tiers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.soilhub.scalability.platform.core.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Values as bytes and back. Never Java serialization: what comes from Redis must not choose the
/// classes to be made.
public interface Codec<V> {

  byte[] encode(V value);

  /// @throws UncheckedIOException when the bytes are of another shape, for instance of an older
  ///   version of the service: then the entry counts as missing
  V decode(byte[] bytes);

  /// JSON in the names and with the strictness of the API.
  static <V> Codec<V> json(Class<V> type) {
    ObjectMapper mapper = Json.mapper();
    JavaType target = mapper.constructType(type);
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        try {
          return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
          throw new IllegalArgumentException("no JSON of " + type.getName(), e);
        }
      }

      @Override
      public V decode(byte[] bytes) {
        try {
          return mapper.readValue(bytes, target);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
