package io.soilhub.scalability.cache.cdn;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Stands in for the interface of a CDN, on a free port of this machine: keeps what it was asked
/// and answers as told, 200 when nothing is told.
final class CdnDouble implements AutoCloseable {

  /// A request as it came in; header names in lower case.
  record Call(String method, String path, Map<String, String> headers, String body) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
    }
  }

  private record Reply(int status, Map<String, String> headers, String body) {}

  private static final Reply HANG = new Reply(0, Map.of(), "");
  private static final Reply HANG_IN_BODY = new Reply(-1, Map.of(), "");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile String usual = "{\"success\":true}";

  CdnDouble() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  CdnDouble usually(String body) {
    usual = body;
    return this;
  }

  CdnDouble then(int status, Map<String, String> headers) {
    replies.add(new Reply(status, headers, ""));
    return this;
  }

  CdnDouble then(int status) {
    return then(status, Map.of());
  }

  /// Accepts the next request and never answers.
  CdnDouble thenHangs() {
    replies.add(HANG);
    return this;
  }

  /// Sends the status of the next answer and then nothing of the body it announced.
  CdnDouble thenHangsInTheBody() {
    replies.add(HANG_IN_BODY);
    return this;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> headers = new java.util.HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(", ", values)));
    String path = exchange.getRequestURI().toString();
    calls.add(new Call(exchange.getRequestMethod(), path, headers, body));
    Reply next = replies.poll();
    Reply reply = next == null ? new Reply(200, Map.of(), usual) : next;
    if (reply.status() <= 0) {
      if (reply.status() < 0) {
        exchange.sendResponseHeaders(200, 10);
        exchange.getResponseBody().flush();
      }
      awaitClose();
      exchange.close();
      return;
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] text = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), text.length == 0 ? -1 : text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private void awaitClose() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
