package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.cache.redis.EncodedEntry.NotedTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A value was stored under its lease.
///
/// @param seq number of the last mutation when it was stored
/// @param tags with the versions they had
public record FillReply(long seq, List<NotedTag> tags) {

  /// From the answer of fill.lua; nothing when it refused.
  static Optional<FillReply> of(List<String> tags, List<Object> answer) {
    if (RedisNode.number(answer.get(0)) == 0) {
      return Optional.empty();
    }
    List<NotedTag> noted = new ArrayList<>(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      noted.add(new NotedTag(tags.get(i), RedisNode.number(answer.get(i + 2))));
    }
    return Optional.of(new FillReply(RedisNode.number(answer.get(1)), noted));
  }
}
