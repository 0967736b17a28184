package io.soilhub.scalability.testing;

import static io.soilhub.scalability.testing.FaultProxy.Direction.TO_CLIENT;
import static io.soilhub.scalability.testing.FaultProxy.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a server that sends back every byte and notes how each of its connections ended.
@Timeout(20)
class FaultProxyTest {

  private static final int SHORT_MILLIS = 100;

  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy = FaultProxy.before(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void bytesPass() throws IOException {
    try (Socket client = connect()) {
      assertThat(exchange(client, 7)).isEqualTo(7);
      assertThat(exchange(client, 8)).isEqualTo(8);
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void theEndOfAStreamPassesAndNothingStaysOpen() throws Exception {
    try (Socket client = connect()) {
      exchange(client, 1);
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
    Await.until("forgotten", Duration.ofSeconds(5), () -> proxy.connections() == 0);
  }

  @Test
  void aDelayAddsLatencyInItsDirectionAndKeepsThroughput() throws IOException {
    try (Socket client = connect()) {
      proxy.delay(TO_CLIENT, Duration.ofMillis(300));
      long begin = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        client.getOutputStream().write(i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.getInputStream().read()).isEqualTo(i);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(300), Duration.ofMillis(3000));
    }
  }

  @Test
  void whatIsFrozenTowardsTheServerIsHeldBackAndPassesLater() throws Exception {
    try (Socket client = connect()) {
      exchange(client, 1);
      received.clear();
      proxy.freeze(TO_SERVER);
      client.getOutputStream().write(2);
      assertThat(received.poll(SHORT_MILLIS, TimeUnit.MILLISECONDS)).isNull();
      proxy.pass();
      assertThat(client.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void whatIsFrozenTowardsTheClientHasReachedTheServer() throws Exception {
    try (Socket client = connect()) {
      exchange(client, 1);
      received.clear();
      proxy.freeze(TO_CLIENT);
      client.getOutputStream().write(2);
      assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo(2);
      client.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aHalfOpenConnectionHidesThatItsClientIsGone() throws Exception {
    Socket client = connect();
    exchange(client, 1);
    proxy.freeze();
    client.setSoLinger(true, 0);
    client.close();
    assertThat(ends.poll(SHORT_MILLIS, TimeUnit.MILLISECONDS)).isNull();
    proxy.pass();
    assertThat(ends.poll(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aResetBreaksBothSidesAndLetsNewConnectionsIn() throws Exception {
    try (Socket client = connect();
        Socket other = connect()) {
      exchange(client, 1);
      exchange(other, 1);
      proxy.freeze();
      proxy.reset();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("broken");
      assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("broken");
      proxy.pass();
      try (Socket again = connect()) {
        assertThat(exchange(again, 3)).isEqualTo(3);
      }
    }
  }

  @Test
  void refusedConnectionsFailAtOnceUntilItPasses() throws IOException {
    try (Socket client = connect()) {
      exchange(client, 1);
      proxy.refuse();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      proxy.pass();
      try (Socket again = connect()) {
        assertThat(exchange(again, 3)).isEqualTo(3);
      }
    }
  }

  @Test
  void aServerThatIsNotThereLooksLikeABrokenConnection() throws IOException {
    // Bound and not listening: a port that were free could be taken, or connected to itself.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (FaultProxy before = FaultProxy.before(nobody.getLocalPort());
          Socket client = new Socket(InetAddress.getLoopbackAddress(), before.port())) {
        client.setSoTimeout(10_000);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class);
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static int exchange(Socket client, int value) throws IOException {
    client.getOutputStream().write(value);
    return client.getInputStream().read();
  }

  private void serve() {
    try {
      while (true) {
        Socket client = echo.accept();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException _) {
      // closed by stop()
    }
  }

  private void answer(Socket client) {
    try (client) {
      for (int b = client.getInputStream().read(); b >= 0; b = client.getInputStream().read()) {
        received.add(b);
        client.getOutputStream().write(b);
      }
      ends.add("end");
    } catch (IOException _) {
      ends.add("broken");
    }
  }
}
