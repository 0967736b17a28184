package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.cache.tiers.WriteOutcome;
import java.util.Optional;

/// The answer to a change.
///
/// @param message says what happened, and whether a store that is away has yet to follow
/// @param deleted of a deletion: whether there was anything
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ChangeResponse(String status, String message, Optional<Boolean> deleted) {

  static ChangeResponse of(String what, WriteOutcome outcome) {
    return new ChangeResponse("success", message(what, outcome), Optional.empty());
  }

  static ChangeResponse ofDeletion(boolean existed, WriteOutcome outcome) {
    String what = existed ? "The value is deleted" : "There was no such value";
    return new ChangeResponse("success", message(what, outcome), Optional.of(existed));
  }

  private static String message(String what, WriteOutcome outcome) {
    return switch (outcome) {
      case CONFIRMED -> what + ".";
      case PENDING -> what + "; pending: a store that is away follows when it is back.";
    };
  }
}
