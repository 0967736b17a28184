package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.core.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a request, with an upstream that does what the test says.
class GatewayTest {

  private static final int MAX_BODY = 10;
  private static final Field HOST = new Field("Host", "shop.example");

  private long now = 1;
  private final Deadlines deadlines = new Deadlines(() -> now);
  private final RecordedDownstream downstream = new RecordedDownstream();
  private final List<Upstream.Request> sent = new ArrayList<>();
  private final Fleet fleet = fleet();
  private Upstream upstream = (_, _, _, _) -> ScriptedResponse.of(201, "ok");

  private final Gateway gateway =
      new Gateway(
          this::pool,
          (instanceSpec, request, timeout, limit) -> {
            sent.add(request);
            return upstream.send(instanceSpec, request, timeout, limit);
          },
          deadlines,
          _ -> false,
          MAX_BODY,
          Runnable::run,
          new ServiceStates(() -> now));

  @Test
  void aRequestIsForwardedWithWhatConcernsTheInstance() throws IOException {
    downstream.body = new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII));
    forward("PUT", false, HOST, new Field("X-API-Key", "k"), new Field("Content-Length", "5"));
    assertThat(downstream.calls).containsExactly("begin 201 2", "write 2", "end");
    Upstream.Request request = sent.getFirst();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.path()).isEqualTo("/a?q=1");
    assertThat(request.body().length()).isEqualTo(5);
    assertThat(request.body().readAllBytes())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("hello");
    assertThat(request.headers())
        .containsExactly(
            new Field("X-Forwarded-For", "10.0.0.9"),
            new Field("Forwarded", "for=10.0.0.9;host=\"shop.example\";proto=http"),
            new Field("X-Forwarded-Host", "shop.example"),
            new Field("X-Forwarded-Proto", "http"),
            new Field("Via", Headers.VIA),
            new Field("X-Request-Id", "id-1"));
  }

  @Test
  void aDecodedBodyGoesOnWithoutItsCodingAndItsLength() {
    forward("PUT", true, new Field("Content-Encoding", "gzip"), new Field("Content-Length", "5"));
    assertThat(sent.getFirst().body().length()).isEqualTo(Body.UNKNOWN);
    assertThat(sent.getFirst().headers())
        .extracting(Field::name)
        .doesNotContain("Content-Encoding", "Content-Length");
  }

  @Test
  void aServiceWithoutInstancesIsNotFound() {
    gateway.forward(request("GET", "/gateway/none/", false), downstream);
    assertThat(downstream.calls).containsExactly("fail no-such-service");
  }

  @Test
  void aBodyThatIsTooLongIsNotSent() {
    forward("PUT", false, new Field("Content-Length", "11"));
    assertThat(downstream.calls).containsExactly("fail body-too-large");
    assertThat(sent).isEmpty();
  }

  @Test
  void aBodyThatTurnsOutTooLongIsRefused() {
    downstream.body = new ByteArrayInputStream(new byte[11]);
    upstream = GatewayTest::reading;
    forward("PUT", false, new Field("Transfer-Encoding", "chunked"));
    assertThat(downstream.calls).containsExactly("fail body-too-large");
  }

  @Test
  void aBodyThatCannotBeReadIsTheClientsFault() {
    downstream.body = ScriptedResponse.broken(0).body();
    upstream = GatewayTest::reading;
    forward("PUT", false, new Field("Content-Length", "5"));
    assertThat(downstream.calls).containsExactly("fail malformed-body");
  }

  @Test
  void aResponseThatBreaksOffIsABadGateway() {
    upstream = (_, _, _, _) -> ScriptedResponse.broken(200);
    forward("GET", false);
    assertThat(downstream.calls).containsExactly("begin 200 -1", "fail instance-failed");
    assertThat(downstream.problem.orElseThrow().kind()).isEqualTo(Problem.Kind.BAD_GATEWAY);
  }

  @ParameterizedTest
  @CsvSource({"LATE, instance-late, 504", "BROKEN, instance-failed, 502"})
  void anInstanceThatDoesNotRespondBecomesAProblem(
      UpstreamFailure.Kind kind, String type, int status) {
    upstream =
        (_, _, _, _) -> {
          throw new UpstreamFailure(kind, new SocketException("on purpose"));
        };
    forward("GET", false);
    assertThat(downstream.calls).containsExactly("fail " + type);
    assertThat(downstream.problem.orElseThrow().kind().status()).isEqualTo(status);
  }

  @Test
  void aDefectIsAProblemAsWell() {
    upstream =
        (_, _, _, _) -> {
          throw new IllegalStateException("on purpose");
        };
    forward("GET", false);
    assertThat(downstream.calls).containsExactly("fail instance-failed");
  }

  @Test
  void aStreamThatIsStillArrivingAtTheDeadlineIsLate() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() throws IOException {
            now += 60_000_000_000L;
            throw new IOException("cut");
          }
        };
    upstream =
        (_, _, _, _) -> {
          now += 26_000_000_000L;
          return new ScriptedResponse(200, List.of(), Body.UNKNOWN, endless);
        };
    forward("GET", false);
    assertThat(downstream.calls).containsExactly("begin 200 -1", "fail instance-late");
  }

  @Test
  void aClientThatLeftIsCutAndGetsNothing() {
    upstream =
        (_, _, _, _) -> {
          downstream.gone = true;
          now += 600_000_000L;
          deadlines.step();
          throw new ClientDisconnected(new IOException("cut"));
        };
    forward("GET", false);
    assertThat(downstream.calls).containsExactly("cut");
  }

  /// Whatever the client's side waits for ends five seconds after the deadline.
  @Test
  void aClientThatBlocksIsCutBehindTheDeadline() {
    upstream =
        (_, _, _, _) -> {
          now += 34_000_000_000L;
          deadlines.step();
          assertThat(downstream.calls).isEmpty();
          now += 2_000_000_000L;
          deadlines.step();
          return ScriptedResponse.of(200);
        };
    forward("GET", false);
    assertThat(downstream.calls).startsWith("cut");
  }

  private static Upstream.Response reading(
      InstanceSpec instanceSpec, Upstream.Request request, int timeout, Deadlines.Limit limit)
      throws UpstreamFailure, ClientDisconnected {
    try {
      request.body().readAllBytes();
    } catch (ClientDisconnected e) {
      throw e;
    } catch (IOException e) {
      throw new UpstreamFailure(UpstreamFailure.Kind.BROKEN, e);
    }
    return ScriptedResponse.of(200);
  }

  private void forward(String method, boolean decodesBody, Field... headers) {
    gateway.forward(request(method, "/gateway/s/a", decodesBody, headers), downstream);
  }

  private static ProxyRequest request(
      String method, String path, boolean decodesBody, Field... headers) {
    return new ProxyRequest(
        "id-1",
        method,
        path,
        Optional.of("q=1"),
        List.of(headers),
        new ProxyRequest.Origin("10.0.0.9", "shop.example", "http"),
        Set.of("x-api-key"),
        decodesBody);
  }

  private Pool pool(String service) {
    return fleet
        .pool(service)
        .orElseThrow(
            () -> new Problem(Problem.Kind.NOT_FOUND, "no-such-service", "There is none."));
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
