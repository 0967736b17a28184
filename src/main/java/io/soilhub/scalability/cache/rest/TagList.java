package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Tags as a client sends them: `["a", "b"]` or `{"tags": ["a", "b"]}`.
final class TagList {

  private TagList() {}

  /// @throws Problem MALFORMED for another type, INVALID for an unknown member or no tag at all
  static Set<String> of(JsonNode body) {
    if (!body.isObject()) {
      return tags(body, "");
    }
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("tags")) {
                throw Problem.invalid(
                    Violations.step(name), "unknown member %s; known are tags".formatted(name));
              }
            });
    if (!body.has("tags")) {
      throw Problem.invalid("/tags", "must be given");
    }
    return tags(body.get("tags"), "/tags");
  }

  private static Set<String> tags(JsonNode array, String pointer) {
    if (!array.isArray()) {
      throw wrongType(pointer, "must be an array of strings");
    }
    if (array.isEmpty()) {
      throw Problem.invalid(pointer, "must name at least one tag");
    }
    Set<String> tags = new LinkedHashSet<>();
    for (int i = 0; i < array.size(); i++) {
      if (!array.get(i).isTextual()) {
        throw wrongType(pointer + "/" + i, "must be a string");
      }
      tags.add(array.get(i).asText());
    }
    return tags;
  }

  private static Problem wrongType(String pointer, String detail) {
    return new Problem(
        Problem.Kind.MALFORMED,
        "wrong-type",
        "A member of the body has the wrong type.",
        List.of(new Problem.Violation(pointer, detail)));
  }
}
