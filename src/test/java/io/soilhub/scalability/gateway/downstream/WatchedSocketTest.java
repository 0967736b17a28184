package io.soilhub.scalability.gateway.downstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// With a caller on loopback.
class WatchedSocketTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private ServerSocketChannel server;
  private Socket caller;
  private WatchedSocket watched;

  @BeforeEach
  void start() throws IOException {
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    caller = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
    watched = new WatchedSocket(server.accept(), false);
  }

  @AfterEach
  void stop() throws IOException {
    caller.close();
    watched.socket().close();
    server.close();
  }

  @Test
  void whoWaitsIsThere() {
    assertThat(watched.isGone()).isFalse();
  }

  @Test
  void whoResetsHasLeft() throws IOException {
    caller.setSoLinger(true, 0);
    caller.close();
    Await.until("it is seen", LIMIT, watched::isGone);
    assertThatThrownBy(() -> watched.in().read()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> watched.out().write(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void whoHasClosedHisSideHasLeftWhenThatIsSaid() throws IOException {
    caller.shutdownOutput();
    assertThat(watched.in().read()).as("it has arrived").isEqualTo(-1);
    assertThat(watched.isGone()).isFalse();
    watched.out().write("answer".getBytes(US_ASCII));
    assertThat(caller.getInputStream().readNBytes(6)).asString(US_ASCII).isEqualTo("answer");
    try (Socket other =
            new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
        Socket _ = aborting(other)) {
      Await.until("it is seen", LIMIT, watched::isGone);
    }
  }

  private Socket aborting(Socket other) throws IOException {
    watched.socket().close();
    watched = new WatchedSocket(server.accept(), true);
    assertThat(watched.isGone()).isFalse();
    other.shutdownOutput();
    return watched.socket();
  }

  @Test
  void theClientSeesWhetherItIsCutOrReset() throws IOException {
    watched.cut();
    assertThat(caller.getInputStream().read()).isEqualTo(-1);
    try (Socket other =
        new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort())) {
      new WatchedSocket(server.accept(), false).reset();
      assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatALookBringsIsReadNext() throws IOException {
    caller.getOutputStream().write("one".getBytes(US_ASCII));
    assertThat(watched.in().read()).isEqualTo('o');
    assertThat(watched.isGone()).isFalse();
    caller.getOutputStream().write("two".getBytes(US_ASCII));
    caller.shutdownOutput();
    assertThat(watched.in().readNBytes(3)).asString(US_ASCII).isEqualTo("net");
    assertThat(watched.isGone()).isFalse();
    assertThat(watched.in().readAllBytes()).asString(US_ASCII).isEqualTo("wo");
  }

  /// Room for 4 KiB: more stays with the system, and nothing is lost.
  @Test
  void looksBringOnlySoMuch() throws Exception {
    byte[] much = new byte[20_000];
    much[19_999] = 'x';
    caller.getOutputStream().write(much);
    caller.shutdownOutput();
    for (int i = 0; i < 10; i++) {
      assertThat(watched.isGone()).isFalse();
    }
    assertThat(watched.in().readAllBytes()).isEqualTo(much);
  }

  /// The read sees it.
  @Test
  void whileSomebodyReadsNothingIsLookedAt() throws Exception {
    CompletableFuture<Integer> read = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    read.complete(watched.in().read());
                  } catch (IOException e) {
                    read.completeExceptionally(e);
                  }
                });
    Await.until("it reads", LIMIT, () -> reader.getState() == Thread.State.WAITING);
    assertThat(watched.isGone()).isFalse();
    caller.getOutputStream().write('a');
    assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo('a');
  }
}
