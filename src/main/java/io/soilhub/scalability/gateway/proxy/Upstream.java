package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Sends requests to instances.
public interface Upstream {

  /// A request as an instance gets it.
  ///
  /// @param path with the query
  record Request(String method, String path, List<Field> headers, Body body) {}

  /// The head of an instance's response; the body follows as it is read. Closing it before the end
  /// of the body ends the connection.
  interface Response extends AutoCloseable {

    int status();

    List<Field> headers();

    /// In bytes, or [Body#UNKNOWN].
    long length();

    /// @return empty when the response has no body
    InputStream body() throws IOException;

    @Override
    void close();
  }

  /// @param timeoutMillis until the response must begin, once the request is sent
  /// @param limit of the whole attempt
  /// @throws UpstreamFailure when there is no response
  /// @throws ClientDisconnected when the request's body cannot be read
  Response send(
      InstanceSpec instanceSpec, Request request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected;
}
