package io.soilhub.scalability.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Arguments of a script, in its order.
final class Arguments {

  private final List<byte[]> arguments = new ArrayList<>();

  static Arguments of(String... texts) {
    return new Arguments().addAll(List.of(texts));
  }

  Arguments add(String text) {
    return add(RedisNode.bytes(text));
  }

  Arguments add(long number) {
    return add(RedisNode.bytes(number));
  }

  Arguments add(boolean flag) {
    return add(flag ? 1 : 0);
  }

  Arguments add(byte[] bytes) {
    arguments.add(bytes);
    return this;
  }

  /// In milliseconds.
  Arguments add(Lifetime lifetime) {
    return add(lifetime.soft().toMillis())
        .add(lifetime.hard().toMillis())
        .add(lifetime.keep().toMillis());
  }

  Arguments addAll(Collection<String> texts) {
    texts.forEach(this::add);
    return this;
  }

  List<byte[]> list() {
    return arguments;
  }
}
