package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The client's side of one request: where its body comes from and where the response goes. One
/// thread at a time uses it, except for [#cut] and [#isGone].
public interface DownstreamExchange {

  /// Ends where the request's body ends. A reader gets an IOException when that end never comes.
  InputStream body() throws IOException;

  /// Begins the response. A response to HEAD and one of status 204 or 304 has no body.
  ///
  /// @param length of the body in bytes, or [Body#UNKNOWN]; in a response to HEAD the length of the
  ///   body that GET would return, if it is known
  void begin(int status, List<Field> fields, long length) throws ClientDisconnected;

  /// Sends the first `count` bytes as a part of the response's body, now or at a later call.
  void write(byte[] bytes, int count) throws ClientDisconnected;

  /// Sends what was written.
  void flush() throws ClientDisconnected;

  /// Ends a response of which everything was written.
  void end() throws ClientDisconnected;

  /// Ends the exchange without a whole response. If nothing of a response has been sent, the
  /// problem becomes the response. Otherwise the response ends in a way that shows the client that
  /// it is incomplete.
  void fail(Problem problem);

  /// Whether the client has disconnected, as far as it can be seen. Called from another thread; it
  /// never waits.
  boolean isGone();

  /// Closes the connection, from another thread. Whatever waits for the client then fails.
  void cut();
}
