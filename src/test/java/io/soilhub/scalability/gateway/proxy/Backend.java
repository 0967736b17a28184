package io.soilhub.scalability.gateway.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.platform.core.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// A service behind the gateway, in this process or, by [#main], in one of its own. `/echo` tells
/// what arrived, `/status/{n}` answers so, `/count` swallows the body and tells its length,
/// `/bytes/{n}` sends many, `/drip` sends a byte every 100 ms for ever, `/cut` breaks off in the
/// middle, `/pause/{ms}` stays silent for so long in the middle.
public final class Backend implements AutoCloseable {

  private final HttpServer server;
  public final AtomicLong requests = new AtomicLong();

  private Backend(HttpServer server) {
    this.server = server;
  }

  public static Backend start() {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Backend backend = new Backend(HttpServer.create(address, 1000));
      backend.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      backend.server.createContext("/", backend::answer);
      backend.server.start();
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Prints its port and serves until it is killed.
  public static void main(String[] arguments) {
    System.out.println(start().port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    if (!path.equals("/health")) {
      requests.incrementAndGet();
    }
    String[] parts = path.split("/");
    try (exchange) {
      switch (parts.length > 1 ? parts[1] : "") {
        case "echo" -> echo(exchange);
        case "count" -> send(exchange, 200, Long.toString(drain(exchange.getRequestBody())));
        case "status" -> send(exchange, Integer.parseInt(parts[2]), "as asked");
        case "bytes" -> bytes(exchange, Long.parseLong(parts[2]));
        case "drip" -> drip(exchange);
        case "cut" -> cut(exchange);
        case "pause" -> pause(exchange, Long.parseLong(parts[2]));
        default -> send(exchange, 200, "ok");
      }
    }
  }

  private void echo(HttpExchange exchange) throws IOException {
    var told = Json.object();
    told.put("method", exchange.getRequestMethod());
    told.put("uri", exchange.getRequestURI().toString());
    told.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var headers = told.putObject("headers");
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join("|", values)));
    exchange.getResponseHeaders().add("Connection", "X-Hop");
    exchange.getResponseHeaders().add("X-Hop", "mine");
    exchange.getResponseHeaders().add("X-End", "yours");
    exchange.getResponseHeaders().add("Set-Cookie", "a=1");
    exchange.getResponseHeaders().add("Set-Cookie", "b=2");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    send(exchange, 200, Json.write(told));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
    exchange.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
    if (!bodiless) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void bytes(HttpExchange exchange, long count) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] block = new byte[8192];
    try (OutputStream out = exchange.getResponseBody()) {
      for (long left = count; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
  }

  private static void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < 600; i++) {
      out.write('.');
      out.flush();
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static void pause(HttpExchange exchange, long millis) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.write('.');
    out.flush();
    LockSupport.parkNanos(millis * 1_000_000);
    out.write('.');
    out.close();
  }

  private static void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1000);
    exchange.getResponseBody().write(new byte[10]);
    exchange.getResponseBody().flush();
    throw new IOException("on purpose");
  }

  private static long drain(InputStream in) throws IOException {
    long count = 0;
    byte[] block = new byte[65_536];
    for (int got = in.read(block); got >= 0; got = in.read(block)) {
      count += got;
    }
    return count;
  }
}
