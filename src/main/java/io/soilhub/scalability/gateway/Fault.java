package io.soilhub.scalability.gateway;

import java.io.IOException;

/// An instance gave no answer.
final class Fault extends IOException {

  private static final long serialVersionUID = 1L;

  /// How far it came.
  enum Kind {
    /// Nothing was sent.
    UNREACHED,
    /// It broke off, or what it sent is no HTTP.
    BROKEN,
    /// It did not answer in time.
    LATE
  }

  private final Kind kind;

  Fault(Kind kind, Throwable cause) {
    super(kind.name(), cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
