package io.soilhub.scalability.bench.rest;

import io.soilhub.scalability.bench.CpuTime;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// GETs of one path over connections that stay open, each with one request at a time. The client
/// reads no more of an answer than its length, because it runs on the same processors as the
/// server.
public final class RestHarness {

  /// @param perSecond answers of all connections together
  /// @param cpuMicros processor time of the server, an answer
  public record Sample(double perSecond, double cpuMicros) {}

  private static final int CONNECTIONS = 16;
  private static final int PATIENCE_MILLIS = 10_000;

  private final RestServer server;

  public RestHarness(RestServer server) {
    this.server = server;
  }

  /// @throws Exception when an answer is no success
  public Sample measure(String path, long millis) throws Exception {
    double cpu = CpuTime.seconds(server.handle());
    long begin = System.nanoTime();
    long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
    long answers = 0;
    try (ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        counts.add(clients.submit(() -> get(path, end)));
      }
      for (Future<Long> count : counts) {
        answers += count.get();
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double used = CpuTime.seconds(server.handle()) - cpu;
    return new Sample(answers / seconds, used * 1e6 / answers);
  }

  private long get(String path, long end) throws IOException {
    byte[] request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"
            .formatted(path)
            .getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      Answers answers = new Answers(socket.getInputStream());
      long count = 0;
      while (System.nanoTime() < end) {
        socket.getOutputStream().write(request);
        answers.next();
        count++;
      }
      return count;
    }
  }

  /// Answers with a Content-Length, one after the other.
  private static final class Answers {

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int filled;

    Answers(InputStream in) {
      this.in = in;
    }

    void next() throws IOException {
      int head = headEnd();
      while (head < 0) {
        read();
        head = headEnd();
      }
      String text = new String(buffer, 0, head, StandardCharsets.ISO_8859_1);
      int whole = head + length(text);
      while (filled < whole) {
        read();
      }
      System.arraycopy(buffer, whole, buffer, 0, filled - whole);
      filled -= whole;
    }

    private static int length(String head) throws IOException {
      if (!head.startsWith("HTTP/1.1 200")) {
        throw new IOException("another answer: " + head);
      }
      String name = "content-length: ";
      int at = head.toLowerCase(java.util.Locale.ROOT).indexOf(name);
      if (at < 0) {
        throw new IOException("no length: " + head);
      }
      int from = at + name.length();
      return Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
    }

    private int headEnd() {
      for (int i = 3; i < filled; i++) {
        if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    private void read() throws IOException {
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        throw new EOFException("the server ended the connection");
      }
      filled += count;
    }
  }
}
