package io.soilhub.scalability.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// An instance that answers byte by byte what a test says, also what HTTP does not allow. It takes
/// no bodies. Probes of its health are answered and not counted.
public final class RawBackend implements AutoCloseable {

  /// What happens to each request.
  @FunctionalInterface
  public interface Script {

    /// Answers one request. The connection goes on behind it unless the socket was closed.
    ///
    /// @param head without the empty line at its end
    /// @param number of the request on its connection, from 1
    void answer(Socket socket, String head, int number) throws IOException;
  }

  public final AtomicInteger connections = new AtomicInteger();
  public final AtomicInteger requests = new AtomicInteger();
  private final ServerSocket server;
  private final Script script;

  private RawBackend(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
  }

  public static RawBackend start(Script script) {
    try {
      RawBackend backend =
          new RawBackend(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), script);
      Thread.ofVirtual().start(backend::accept);
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Always with these bytes; `~` stands for CR LF.
  public static RawBackend answering(String text) {
    return start((socket, _, _) -> write(socket, text));
  }

  /// `~` stands for CR LF.
  public static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // it was closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      int number = 0;
      for (String head = head(socket); !head.isEmpty(); head = head(socket)) {
        if (head.startsWith("GET /health ")) {
          write(socket, "HTTP/1.1 200 OK~Content-Length: 0~Connection: close~~");
          return;
        }
        number++;
        if (number == 1) {
          connections.incrementAndGet();
        }
        requests.incrementAndGet();
        script.answer(socket, head, number);
        if (socket.isClosed()) {
          return;
        }
      }
    } catch (IOException _) {
      // the other side closed first
    }
  }

  private static String head(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    for (int read = in.read(); read >= 0; read = in.read()) {
      head.append((char) read);
      if (read == '\n' && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
        return head.toString().strip();
      }
    }
    return "";
  }
}
