package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// The caller's side broke: its body cannot be read to the end, or it no longer takes the answer.
/// It says nothing about the instance.
public final class ClientDisconnected extends IOException {

  private static final long serialVersionUID = 1L;

  public ClientDisconnected(Throwable cause) {
    super("the caller is gone", cause);
  }
}
