package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;

/// The client's side failed: its body cannot be read to the end, or it does not take the response.
/// This says nothing about the instance.
public final class ClientDisconnected extends IOException {

  private static final long serialVersionUID = 1L;

  public ClientDisconnected(Throwable cause) {
    super("the client disconnected", cause);
  }
}
