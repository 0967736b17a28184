package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The way to the instances.
public interface Upstream {

  /// A request as an instance gets it.
  record Outgoing(String method, String path, List<Field> headers, Body body) {

    /// Whether it may be sent once more although an instance may have got it.
    public boolean isRepeatable() {
      return RetryRule.afterFault(method, body.touched(), UpstreamFailure.Kind.BROKEN);
    }
  }

  /// The beginning of an answer; its body follows as it is read. Closing before the end breaks off.
  interface Answer extends AutoCloseable {

    int status();

    List<Field> headers();

    /// In bytes, or [Body#UNKNOWN].
    long length();

    /// @return empty when the answer has no body
    InputStream body() throws IOException;

    @Override
    void close();
  }

  /// @param timeoutMillis that the answer may take to begin, once the request is sent
  /// @param limit of the whole try
  /// @throws Fault when there is none
  /// @throws ClientDisconnected when the request's body cannot be read
  Answer send(InstanceSpec instanceSpec, Outgoing request, int timeoutMillis, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected;
}
