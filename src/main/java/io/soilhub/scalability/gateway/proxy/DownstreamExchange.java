package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One request as a way into the gateway took it in, and the way of its answer back. Used by one
/// thread at a time, but for [#cut] and [#isGone]. Who called is known and may call; what was sent
/// has not been looked at.
public interface DownstreamExchange {

  String method();

  /// Path as it was sent, without the query.
  String path();

  /// As it was sent, without the question mark.
  Optional<String> query();

  /// In the order in which they came.
  List<Field> fields();

  /// Address of the other end of the connection.
  String peer();

  /// That the caller asked for, with the port if it named one.
  String host();

  /// `http` or `https`.
  String scheme();

  String requestId();

  /// Names in lower case of fields that hold what was presented to us, and go no further.
  Set<String> secret();

  /// Whether bodies in one of the codings [ProxyRequest#UNPACKABLE] are unpacked before they are
  /// read from [#body].
  boolean unpacks();

  /// Ends where the request's body ends. A reader sees an IOException when that never comes.
  InputStream body() throws IOException;

  /// Begins the answer. One to HEAD, and one of 204 or 304, has no body.
  ///
  /// @param length of the body in bytes, or [Body#UNKNOWN]; in an answer to HEAD that of the body
  ///   that GET would bring, if it is known
  void begin(int status, List<Field> fields, long length) throws ClientDisconnected;

  /// Whether some of the answer may be on its way, so that it cannot be taken back.
  boolean begun();

  /// Passes so many bytes of the answer's body on, now or later.
  void write(byte[] bytes, int count) throws ClientDisconnected;

  /// Sends what was written.
  void flush() throws ClientDisconnected;

  /// Ends an answer of which all was written.
  void end() throws ClientDisconnected;

  /// Answers with a problem instead. Nothing has begun.
  void refuse(Problem problem) throws ClientDisconnected;

  /// Ends an answer that has begun in a way that shows that it is not whole.
  void breakOff();

  /// Whether the caller has left, as far as can be seen. Asked from another thread; it never waits.
  boolean isGone();

  /// Ends the connection, from another thread: what waits for the caller's side ends.
  void cut();
}
