package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// An instance gave no response.
public final class UpstreamFailure extends IOException {

  private static final long serialVersionUID = 1L;

  /// How far the request came.
  public enum Kind {
    /// Nothing was sent.
    UNREACHED,
    /// The connection broke, or what the instance sent is not HTTP.
    BROKEN,
    /// The instance did not respond in time.
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
