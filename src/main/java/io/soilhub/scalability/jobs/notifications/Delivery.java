package io.soilhub.scalability.jobs.notifications;

import java.util.OptionalInt;

/// What came of sending a message once.
public sealed interface Delivery {

  /// The receiver has taken it.
  ///
  /// @param status of the answer, where there is one
  record Delivered(OptionalInt status) implements Delivery {}

  /// Another try makes sense, here or on another replica.
  ///
  /// @param type stable name in upper case
  /// @param reason for people; names neither hosts nor secrets
  record Failed(String type, String reason) implements Delivery {}

  /// Another try would give the same.
  ///
  /// @param type stable name in upper case
  /// @param reason for people; names neither hosts nor secrets
  record Refused(String type, String reason) implements Delivery {}
}
