package io.soilhub.scalability.edge;

import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import java.util.TreeSet;

/// What the answer to the running request depends on, besides the tags of its [CacheableAtEdge].
@RequestScoped
public class EdgeTags {

  private final Set<String> tags = new TreeSet<>();

  public void add(String tag) {
    tags.add(tag);
  }

  Set<String> all() {
    return Set.copyOf(tags);
  }
}
