package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.Endpoint.Totals;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client gets of a response, and what is counted of the instance.
class ResponseRelayTest {

  private static final long MILLI = 1_000_000;
  private static final int PATIENCE = 500;

  private long now = 1;
  private boolean gone;
  private final Deadlines deadlines = new Deadlines(() -> now);
  private final Deadlines.Deadline deadline = deadlines.in(1000, () -> gone);
  private final RecordedDownstream downstream = new RecordedDownstream();
  private final Fleet fleet = fleet();

  @Test
  void aShortResponseIsSentWhole() throws IOException {
    relay("GET", ScriptedResponse.of(200, "hello"));
    assertThat(downstream.calls).containsExactly("begin 200 5", "write 5", "end");
    assertThat(downstream.taken()).isEqualTo("hello");
    assertThat(downstream.fields)
        .containsExactly(new Field("Via", Headers.VIA), new Field("X-Instance-Id", "a"));
    assertThat(totals()).isEqualTo(new Totals(1, 0, 5));
  }

  @ParameterizedTest
  @CsvSource({"5, hell", "3, hell", "16384, hello"})
  void aShortResponseOfAnotherLengthThanItSaysSendsNothing(long length, String body) {
    ScriptedResponse response =
        new ScriptedResponse(200, List.of(), length, ScriptedResponse.of(200, body).body());
    assertThatThrownBy(() -> relay("GET", response)).isExactlyInstanceOf(failureOf(length, body));
    assertThat(downstream.calls).isEmpty();
    assertThat(totals()).isEqualTo(new Totals(1, 1, 0));
  }

  private static Class<? extends IOException> failureOf(long length, String body) {
    return length > body.length() ? EOFException.class : IOException.class;
  }

  @Test
  void aLongResponseIsSentAsItArrivesAndFlushedWhereItPauses() throws IOException {
    InputStream body = new ByteArrayInputStream(new byte[40_000]);
    relay("GET", new ScriptedResponse(200, List.of(), 40_000, body));
    assertThat(downstream.calls)
        .containsExactly(
            "begin 200 40000", "write 16384", "write 16384", "write 7232", "flush", "end");
    assertThat(totals()).isEqualTo(new Totals(1, 0, 40_000));
  }

  @Test
  void aResponseOfUnknownLengthIsSentAsItArrives() throws IOException {
    InputStream body = ScriptedResponse.of(200, "event").body();
    relay("GET", new ScriptedResponse(200, List.of(), Body.UNKNOWN, body));
    assertThat(downstream.calls).containsExactly("begin 200 -1", "write 5", "flush", "end");
  }

  @Test
  void aResponseWithoutABodyIsItsHead() throws IOException {
    relay("POST", ScriptedResponse.of(204));
    assertThat(downstream.calls).containsExactly("begin 204 0", "end");
  }

  @ParameterizedTest
  @CsvSource({"17, 17", "x, -1", "1234567890123456789, -1"})
  void theResponseToHeadTellsTheLengthThatTheInstanceDeclared(String declared, long told)
      throws IOException {
    List<Field> fields = List.of(new Field("CONTENT-Length", declared));
    relay("HEAD", new ScriptedResponse(200, fields, 0, InputStream.nullInputStream()));
    assertThat(downstream.calls).containsExactly("begin 200 " + told, "end");
  }

  @Test
  void theResponseToHeadMakesNoLengthUp() throws IOException {
    relay("HEAD", ScriptedResponse.of(200));
    assertThat(downstream.calls).containsExactly("begin 200 -1", "end");
  }

  @Test
  void aResponseThatBreaksOffIsTheInstancesFailure() {
    assertThatThrownBy(() -> relay("GET", ScriptedResponse.broken(200))).hasMessage("reset");
    assertThat(downstream.calls).containsExactly("begin 200 -1");
    assertThat(totals()).isEqualTo(new Totals(1, 1, 0));
  }

  @Test
  void aClientThatTakesNothingIsNotTheInstancesFailure() {
    downstream.takesNothing = true;
    assertThatThrownBy(() -> relay("GET", ScriptedResponse.of(200, "hello")))
        .isInstanceOf(ClientDisconnected.class);
    assertThat(totals()).isEqualTo(new Totals(1, 0, 0));
  }

  /// A stream of events goes on until the deadline.
  @Test
  void aStreamThatIsCutAtTheDeadlineIsNotTheInstancesFailure() {
    now += 600 * MILLI;
    assertThatThrownBy(() -> relay("GET", silentFor(400))).isInstanceOf(DeadlineExceeded.class);
    assertThat(totals()).isEqualTo(new Totals(1, 0, 0));
  }

  @Test
  void aSilenceOfTheWholePatienceIsTheInstancesFailure() {
    now += 500 * MILLI;
    assertThatThrownBy(() -> relay("GET", silentFor(500)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(totals()).isEqualTo(new Totals(1, 1, 0));
  }

  @Test
  void aResponseThatIsCutBecauseTheClientLeftIsNotTheInstancesFailure() {
    InputStream cut =
        new InputStream() {
          @Override
          public int read() throws IOException {
            gone = true;
            now += 600 * MILLI;
            deadlines.step();
            throw new IOException("cut");
          }
        };
    assertThatThrownBy(() -> relay("GET", new ScriptedResponse(200, List.of(), Body.UNKNOWN, cut)))
        .isInstanceOf(ClientDisconnected.class);
    assertThat(totals()).isEqualTo(new Totals(1, 0, 0));
  }

  @Test
  void aClientThatTakesTheResponseTooSlowlyIsLetGo() {
    InputStream late =
        new InputStream() {
          @Override
          public int read() {
            now += 2000 * MILLI;
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int most) {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    assertThatThrownBy(() -> relay("GET", new ScriptedResponse(200, List.of(), Body.UNKNOWN, late)))
        .isInstanceOf(ClientDisconnected.class);
    assertThat(downstream.calls).containsExactly("begin 200 -1", "write 1", "flush");
    assertThat(totals()).isEqualTo(new Totals(1, 0, 0));
  }

  /// Its body times out after so long.
  private ScriptedResponse silentFor(int millis) {
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            now += millis * MILLI;
            throw new SocketTimeoutException("silent");
          }
        };
    return new ScriptedResponse(200, List.of(), Body.UNKNOWN, silent);
  }

  private void relay(String method, Upstream.Response response) throws IOException {
    Body none = new Body(InputStream.nullInputStream(), 0, 0, deadline);
    Upstream.Request request = new Upstream.Request(method, "/", List.of(), none);
    try (UpstreamAttempt attempt =
        new UpstreamAttempt(fleet.pool("s").orElseThrow().begin(0), deadline.within(1000))) {
      attempt.send((_, _, _, _) -> response, request, 1000);
      new ResponseRelay(attempt, downstream, deadline, PATIENCE).relay(method);
    }
  }

  private Totals totals() {
    return fleet.member("a").orElseThrow().totals();
  }

  private Fleet fleet() {
    Fleet all =
        new Fleet(
            new FleetContext("", () -> now, new SharedRandom(1), List.of(), List.of()),
            StrategyName.ROUND_ROBIN);
    InstanceSpec instanceSpec = new InstanceSpec("a", "s", "localhost", 80, "/health", 1, "", "");
    all.apply(
        List.of(new Instance(instanceSpec, Instance.Source.API, Instant.EPOCH, Optional.empty())),
        Map.of());
    return all;
  }
}
