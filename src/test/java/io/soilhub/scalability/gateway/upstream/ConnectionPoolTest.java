package io.soilhub.scalability.gateway.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is kept of connections, with a server of the test's own and a clock set by hand.
class ConnectionPoolTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress THERE = InetAddress.ofLiteral("127.0.0.2");

  private final AtomicLong now = new AtomicLong();
  private final AtomicReference<List<InetAddress>> addresses = new AtomicReference<>(List.of(HERE));
  private final ConnectionPool connections =
      new ConnectionPool(
          new DnsCache(this::lookUp, AddressPolicy.ANY, Duration.ofSeconds(30), now::get),
          now::get);
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    connections.close();
    server.close();
  }

  @Test
  void theLastOneIsTakenAgainFirst() throws Exception {
    ConnectionPool.Lease one = leased();
    ConnectionPool.Lease two = leased();
    one.keep(LONG);
    two.keep(LONG);
    ConnectionPool.Lease again = lease();
    assertThat(again.http()).isSameAs(two.http());
    assertThat(lease().http()).isSameAs(one.http());
  }

  @Test
  void whatWasCutIsNotKept() throws Exception {
    ConnectionPool.Lease one = leased();
    one.cut();
    one.keep(LONG);
    assertThat(lease().http()).isNotSameAs(one.http());
  }

  /// By then it may be another request's.
  @Test
  void whatWasGivenBackCannotBeCut() throws Exception {
    ConnectionPool.Lease one = leased();
    one.keep(LONG);
    ConnectionPool.Lease again = lease();
    one.cut();
    assertThat(again.http()).isSameAs(one.http());
    assertThat(again.http().isOpen()).isTrue();
  }

  @Test
  void whatWasCutIsNotConnected() throws Exception {
    ConnectionPool.Lease one = lease();
    one.cut();
    assertThatThrownBy(one::connect).isInstanceOf(IOException.class);
    one.discard();
  }

  @Test
  void whatTheInstanceClosedMeanwhileIsNotTaken() throws Exception {
    ConnectionPool.Lease one = leased();
    Socket other = server.accept();
    one.keep(LONG);
    other.close();
    assertThat(lease().http()).isNotSameAs(one.http());
  }

  @Test
  void whatTheInstanceResetMeanwhileIsNotTaken() throws Exception {
    ConnectionPool.Lease one = leased();
    Socket other = server.accept();
    one.keep(LONG);
    other.setSoLinger(true, 0);
    other.close();
    assertThat(lease().http()).isNotSameAs(one.http());
  }

  @Test
  void aNewOneIsNewAlthoughOneIsKept() throws Exception {
    ConnectionPool.Lease one = leased();
    one.keep(LONG);
    ConnectionPool.Lease fresh = connections.fresh(instanceSpec(), 1000).orElseThrow();
    assertThat(fresh.http()).isNotSameAs(one.http());
    assertThat(fresh.isStale()).isFalse();
    assertThat(lease().isStale()).as("it has brought nothing yet").isTrue();
  }

  /// As some servers say that they close an idle connection.
  @Test
  void whatSpeaksUnaskedIsNotTaken() throws Exception {
    ConnectionPool.Lease one = leased();
    try (Socket other = server.accept()) {
      one.keep(LONG);
      other.getOutputStream().write("HTTP/1.1 408 Request Timeout\r\n\r\n".getBytes(US_ASCII));
      Await.until(
          "it has arrived",
          Duration.ofSeconds(10),
          () -> {
            ConnectionPool.Lease next = leaseUnchecked("127.0.0.1");
            boolean another = !next.http().equals(one.http());
            if (!another) {
              next.keep(LONG);
            }
            return another;
          });
    }
  }

  @Test
  void nothingIsKeptLongerThanTheInstanceSays() throws Exception {
    ConnectionPool.Lease one = leased();
    one.keep(Duration.ofSeconds(5));
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThat(lease().http()).isNotSameAs(one.http());
  }

  @Test
  void whatRestsLongestIsClosedAndThenForgotten() throws Exception {
    ConnectionPool.Lease one = leased();
    ConnectionPool.Lease two = leased();
    one.keep(LONG);
    now.addAndGet(Duration.ofSeconds(20).toNanos());
    two.keep(LONG);
    connections.tidy(Duration.ofSeconds(10));
    assertThat(one.http().isOpen()).isFalse();
    assertThat(two.http().isOpen()).isTrue();
    assertThat(connections.instances()).isEqualTo(1);
    connections.tidy(Duration.ZERO);
    assertThat(connections.instances()).isZero();
  }

  @Test
  void thereAreOnlySoManyToOneInstance() throws Exception {
    for (int i = 0; i < 1000; i++) {
      assertThat(connections.lease(instanceSpec(), 1)).isPresent();
    }
    assertThat(connections.lease(instanceSpec(), 1)).isEmpty();
  }

  @Test
  void aConnectionToAnAddressThatTheNameNoLongerHasIsNotTaken() throws Exception {
    ConnectionPool.Lease old = leased("moving.example");
    old.keep(LONG);
    addresses.set(List.of(THERE));
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    try (ServerSocket moved = new ServerSocket(server.getLocalPort(), 10, THERE)) {
      Await.until(
          "the change is followed",
          Duration.ofSeconds(10),
          () -> {
            ConnectionPool.Lease next = leaseUnchecked("moving.example");
            boolean another = !next.http().equals(old.http());
            if (another) {
              next.discard();
            } else {
              next.keep(LONG);
            }
            return another;
          });
      assertThat(old.http().isOpen()).isFalse();
      ConnectionPool.Lease fresh = leased("moving.example");
      assertThat(fresh.http().getRemoteAddress())
          .isEqualTo(new InetSocketAddress(THERE, moved.getLocalPort()));
    }
  }

  @Test
  void anInstanceThatServesOnItsSecondAddressIsReached() throws Exception {
    addresses.set(List.of(THERE, HERE));
    ConnectionPool.Lease lease = leased("two.example");
    assertThat(lease.http().getRemoteAddress())
        .isEqualTo(new InetSocketAddress(HERE, server.getLocalPort()));
    lease.keep(LONG);
    assertThat(lease("two.example").http()).isSameAs(lease.http());
  }

  private ConnectionPool.Lease leased() throws Exception {
    return leased("127.0.0.1");
  }

  private ConnectionPool.Lease leased(String host) throws Exception {
    ConnectionPool.Lease lease = lease(host);
    lease.connect();
    return lease;
  }

  private InetAddress[] lookUp(String name) {
    return addresses.get().toArray(InetAddress[]::new);
  }

  private ConnectionPool.Lease leaseUnchecked(String host) {
    try {
      return lease(host);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ConnectionPool.Lease lease() throws InterruptedException {
    return lease("127.0.0.1");
  }

  private ConnectionPool.Lease lease(String host) throws InterruptedException {
    return connections.lease(instanceSpec(host), 1000).orElseThrow();
  }

  private InstanceSpec instanceSpec() {
    return instanceSpec("127.0.0.1");
  }

  private InstanceSpec instanceSpec(String host) {
    return new InstanceSpec("a", "s", host, server.getLocalPort(), "/health", 1, "", "");
  }
}
