package io.soilhub.scalability.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// An invalidation that a server could not be told when it was made, and is told when it is back.
///
/// @param name under which the server takes it once, however often it is told
/// @param floor a version that later ones have to be above
public record RelayedInvalidation(
    String name, Collection<String> members, Collection<String> tags, long floor) {

  /// A script holds up everybody else while it runs, some milliseconds for so many.
  private static final int MOST_NAMES = 1000;

  public RelayedInvalidation {
    members = List.copyOf(members);
    tags = List.copyOf(tags);
  }

  private int names() {
    return 1 + members.size() + tags.size();
  }

  /// Arguments of relay.lua, for as many calls as are needed.
  static List<Arguments> calls(int logLength, Collection<RelayedInvalidation> all) {
    List<Arguments> calls = new ArrayList<>();
    Arguments call = new Arguments();
    int names = MOST_NAMES;
    for (RelayedInvalidation one : all) {
      names += one.names();
      if (names > MOST_NAMES) {
        call = new Arguments().add(logLength);
        calls.add(call);
        names = one.names();
      }
      call.add(one.name())
          .add(one.floor())
          .add(one.members().size())
          .add(one.tags().size())
          .addAll(one.members())
          .addAll(one.tags());
    }
    return calls;
  }
}
