package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// An instance gave no answer.
public final class UpstreamFailure extends IOException {

  private static final long serialVersionUID = 1L;

  /// How far it came.
  public enum Kind {
    /// Nothing was sent.
    UNREACHED,
    /// It broke off, or what it sent is no HTTP.
    BROKEN,
    /// It did not answer in time.
    LATE
  }

  private final Kind kind;

  public UpstreamFailure(Kind kind, Throwable cause) {
    super(kind.name(), cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
