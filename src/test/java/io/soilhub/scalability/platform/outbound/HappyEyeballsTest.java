package io.soilhub.scalability.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With several addresses of this machine.
@Timeout(60)
class HappyEyeballsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final InetAddress GOOD = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");
  private static final InetAddress REFUSING = InetAddress.ofLiteral("127.0.0.3");

  private final HappyEyeballs connect = new HappyEyeballs(Ticker.system());
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, GOOD);
  }

  @AfterEach
  void stop() throws IOException {
    connect.close();
    server.close();
  }

  @Test
  void theFirstThatTakesItIsTaken() throws IOException {
    try (Socket socket = connect(List.of(REFUSING, GOOD, OTHER))) {
      assertThat(socket.getInetAddress()).isEqualTo(GOOD);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void oneThatHangsIsNotWaitedFor() throws IOException {
    try (FullServer _ = new FullServer(OTHER, server.getLocalPort());
        Socket socket = connect(List.of(OTHER, GOOD))) {
      assertThat(socket.getInetAddress()).isEqualTo(GOOD);
    }
  }

  @Test
  void whenNoneTakesItTheReasonIsThatOfTheLast() {
    assertThatThrownBy(() -> connect(List.of(REFUSING, REFUSING)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void withoutAnAddressThereIsNothingToConnectTo() {
    assertThatThrownBy(() -> connect(List.of())).isInstanceOf(ConnectException.class);
  }

  @Test
  void thatAllHangIsSaidInTime() throws IOException {
    try (FullServer _ = new FullServer(OTHER, server.getLocalPort())) {
      assertThatThrownBy(
              () ->
                  connect.connect(
                      List.of(OTHER, OTHER), server.getLocalPort(), Duration.ofMillis(400)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aNameIsTriedAtSoManyAddressesAndNoMore() {
    List<InetAddress> addresses =
        new ArrayList<>(IntStream.range(0, 8).mapToObj(_ -> REFUSING).toList());
    addresses.add(GOOD);
    assertThatThrownBy(() -> connect(addresses)).isInstanceOf(ConnectException.class);
  }

  @Test
  void itCanBeGivenUpFromAnotherThread() throws Exception {
    try (FullServer _ = new FullServer(OTHER, server.getLocalPort())) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = connect(List.of(OTHER))) {
                  failure.completeExceptionally(new AssertionError(socket));
                } catch (IOException e) {
                  failure.complete(e);
                }
              });
      connect.close();
      assertThat(failure.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }

  private Socket connect(List<InetAddress> addresses) throws IOException {
    return connect.connect(addresses, server.getLocalPort(), LONG).socket();
  }
}
