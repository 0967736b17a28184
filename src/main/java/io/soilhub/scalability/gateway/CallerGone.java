package io.soilhub.scalability.gateway;

import java.io.IOException;

/// The caller's side broke: its body cannot be read to the end, or it no longer takes the answer.
/// It says nothing about the instance.
public final class CallerGone extends IOException {

  private static final long serialVersionUID = 1L;

  public CallerGone(Throwable cause) {
    super("the caller is gone", cause);
  }
}
