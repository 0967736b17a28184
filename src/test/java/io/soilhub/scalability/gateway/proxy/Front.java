package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.net.URI;
import java.util.Locale;

/// The ways into the gateway of the shared replica.
enum Front {
  SERVER,
  LISTENER;

  URI uri() {
    return switch (this) {
      case SERVER -> ServiceEnvironment.replica().uri();
      case LISTENER -> ServiceEnvironment.replica().gateway();
    };
  }

  HttpCalls calls() {
    return new HttpCalls(uri());
  }

  /// A name of which each way has its own.
  String own(String name) {
    return name + "-" + name().toLowerCase(Locale.ROOT);
  }
}
