package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client that the test holds: it remembers what it is sent, and disconnects when it is told to.
final class RecordedDownstream implements DownstreamExchange {

  /// The calls in their order, for instance `begin 200 5`, `write 5`, `flush`, `end`, `cut`.
  final List<String> calls = new ArrayList<>();

  InputStream body = new ByteArrayInputStream(new byte[0]);
  boolean takesNothing;
  boolean gone;
  int status;
  List<Field> fields = List.of();
  Optional<Problem> problem = Optional.empty();
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  String taken() {
    return taken.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void begin(int begun, List<Field> sent, long length) throws ClientDisconnected {
    if (takesNothing) {
      throw new ClientDisconnected(new SocketException("reset"));
    }
    calls.add("begin " + begun + " " + length);
    status = begun;
    fields = sent;
  }

  @Override
  public void write(byte[] bytes, int count) {
    calls.add("write " + count);
    taken.write(bytes, 0, count);
  }

  @Override
  public void flush() {
    calls.add("flush");
  }

  @Override
  public void end() {
    calls.add("end");
  }

  @Override
  public void fail(Problem why) {
    calls.add("fail " + why.type());
    problem = Optional.of(why);
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  public void cut() {
    calls.add("cut");
  }
}
