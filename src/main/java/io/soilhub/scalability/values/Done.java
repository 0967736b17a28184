package io.soilhub.scalability.values;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.cache.Outcome;
import java.util.Optional;

/// The answer to a change.
///
/// @param message says what happened, and whether a store that is away has yet to follow
/// @param deleted of a deletion: whether there was anything
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Done(String status, String message, Optional<Boolean> deleted) {

  static Done of(String what, Outcome outcome) {
    return new Done("success", message(what, outcome), Optional.empty());
  }

  static Done ofDeletion(boolean existed, Outcome outcome) {
    String what = existed ? "The value is deleted" : "There was no such value";
    return new Done("success", message(what, outcome), Optional.of(existed));
  }

  private static String message(String what, Outcome outcome) {
    return switch (outcome) {
      case CONFIRMED -> what + ".";
      case PENDING -> what + "; pending: a store that is away follows when it is back.";
    };
  }
}
