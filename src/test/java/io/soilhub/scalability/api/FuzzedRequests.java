package io.soilhub.scalability.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Requests made of an OpenAPI document: each operation in turn, with parameters, fields and a body
/// that are as the document wants them, or wrong in a way that a caller or an attacker may try. The
/// same seed gives the same requests.
final class FuzzedRequests {

  /// One request as text in which each character is a byte.
  record Request(String method, String operation, String text) {}

  private record Operation(String method, String path, JsonNode description) {}

  /// What is no percent-encoded UTF-8, or decodes to something odd.
  private static final List<String> RAW =
      List.of(
          "%",
          "%zz",
          "%2",
          "%00",
          "%C0%AF",
          "%FF",
          "%ED%A0%80",
          "%2e%2e",
          "..",
          ".",
          "%2F",
          "%5C",
          "\\",
          "\u00e9",
          "\"",
          "<",
          ">",
          "|",
          "^",
          "`",
          "{}",
          "[",
          ";",
          ";a=b",
          "//",
          "@",
          ":",
          "?",
          "*",
          "%0d%0aX-A:b",
          "%E2%80%AE",
          "+",
          "~",
          "\u007f",
          "\u001b",
          "%25");

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO", "get");

  private static final List<String> FIELDS =
      List.of(
          "Accept: application/json;q=foo",
          "Accept: application/json;q=2",
          "Accept: text/html",
          "Accept: a/b/c",
          "Accept: ;;,",
          "Accept: */*;q=0",
          "Accept: application/json;charset=nope",
          "Accept-Language: xx;q=zz, -",
          "Accept-Charset: nope;q=x",
          "Accept-Encoding: identity;q=0, *;q=x",
          "Content-Encoding: gzip",
          "Content-Encoding: deflate",
          "Content-Encoding: br",
          "Content-Encoding: gzip, gzip",
          "Content-Language: \u00ff",
          "Content-Type: nonsense",
          "Content-Type: application/json;charset=nope",
          "Content-Type: application/json; charset=utf-16",
          "Content-Type: application/json;;=",
          "Content-Type: multipart/form-data",
          "Content-Type: multipart/form-data; boundary=x",
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Type: text/csv",
          "Content-Type: application/gzip",
          "Content-Type: */*",
          "If-Match: \"",
          "If-Match: *",
          "If-Match: W/\"1\", \u00ff",
          "If-None-Match: \"",
          "If-None-Match: *",
          "If-Modified-Since: yesterday",
          "If-Unmodified-Since: Thu, 99 Foo 2026",
          "Idempotency-Key: \u00e9",
          "Idempotency-Key: fuzz",
          "Range: bytes=5-1",
          "Cookie: =; a; \"; $Version=x; JSESSIONID=\u0001",
          "Authorization: Bearer \u00ff.x.y",
          "Authorization: Bearer",
          "X-API-Key: \u00e9",
          "X-Request-Id: \u001b[0m\"",
          "X-HTTP-Method-Override: DELETE",
          "X-Forwarded-Host: a@b",
          "Origin: null",
          "Sec-Fetch-Site: ?",
          "Expect: 200-ok",
          "Expect: 100-continue",
          "Forwarded: for=\"",
          "traceparent: 00-zz-zz-zz",
          "Upgrade: h2c",
          "X-Long: " + "x".repeat(5000));

  private static final List<String> PARTS =
      List.of(
          "",
          "Content-Disposition: form-data; name=\"trials\"",
          "Content-Disposition: form-data; name=\"trials\"; filename=\"../a\"\r\nContent-Type: x",
          "Content-Disposition: form-data",
          "Content-Disposition: \u00ff; name=",
          "no field");

  private static final List<String> ENDS = List.of("--\r\n", "--", "\r\n", "");

  private final Random random;
  private final FuzzedValues values;
  private final List<Operation> operations = new ArrayList<>();
  private int turn;

  FuzzedRequests(JsonNode document, long seed) {
    this.random = new Random(seed);
    this.values = new FuzzedValues(random, document.at("/components/schemas"));
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : List.of("get", "post", "put", "delete")) {
        if (path.getValue().has(method)) {
          operations.add(
              new Operation(
                  method.toUpperCase(Locale.ROOT), path.getKey(), path.getValue().path(method)));
        }
      }
    }
  }

  int operations() {
    return operations.size();
  }

  Request next() {
    Operation operation = operations.get(turn++ % operations.size());
    String method = random.nextInt(12) == 0 ? values.one(METHODS) : operation.method();
    String target = target(operation);
    String body = body(operation, method);
    return request(method, operation.method() + " " + operation.path(), target, body);
  }

  /// A request for something below a path, of which nothing is known.
  Request below(String path) {
    StringBuilder target = new StringBuilder(path);
    for (int left = random.nextInt(4); left > 0; left--) {
      target.append(piece(values.text()));
    }
    if (random.nextInt(3) == 0) {
      target.append('?').append(piece(values.text()));
    }
    return request(values.one(METHODS), path, target.toString(), "{}");
  }

  private Request request(String method, String operation, String target, String body) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    text.append("Host: localhost\r\nConnection: close\r\n");
    boolean typed = false;
    for (int left = random.nextInt(3); left > 0; left--) {
      String field = values.one(FIELDS);
      typed |= field.startsWith("Content-Type");
      text.append(field).append("\r\n");
    }
    if (!typed && !body.isEmpty()) {
      text.append("Content-Type: application/json\r\n");
    }
    text.append(framed(body));
    return new Request(method, operation, text.toString());
  }

  private String target(Operation operation) {
    String path = operation.path();
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.description().path("parameters")) {
      String name = parameter.path("name").asText();
      String value = piece(values.parameter(name, parameter.path("schema")));
      if (parameter.path("in").asText().equals("path")) {
        path = path.replace("{" + name + "}", value);
      } else if (random.nextInt(3) > 0) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value);
      }
    }
    if (random.nextInt(15) == 0) {
      query.append(query.isEmpty() ? '?' : '&').append(values.one(RAW));
    }
    return (random.nextInt(40) == 0 ? path + values.one(RAW) : path) + query;
  }

  private String piece(String text) {
    return random.nextInt(6) == 0
        ? values.one(RAW)
        : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String body(Operation operation, String method) {
    JsonNode content = operation.description().at("/requestBody/content");
    if (content.isMissingNode()) {
      return random.nextInt(10) == 0 || method.equals("PUT") ? "{}" : "";
    }
    JsonNode schema = content.properties().iterator().next().getValue().path("schema");
    JsonNode value = values.plain("", schema, 0);
    String json = (random.nextInt(3) == 0 ? value : values.mutated(value)).toString();
    String bytes = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(20)) {
      case 0 -> "";
      case 1 -> bytes.substring(0, random.nextInt(bytes.length() + 1));
      case 2 -> "[".repeat(20_000);
      case 3 -> "{\"a\":".repeat(150);
      case 4 -> bytes + bytes;
      case 5 -> "\u00fe\u00ff" + bytes;
      case 6 -> bytes.replace("\"", "'");
      case 7 -> bytes.replace(":", ":1e999999999,\"x\":");
      case 8 -> bytes.replace("{", "{\"a\":1,\"a\":2,");
      case 9 -> "\u00c0\u00af\u0000";
      case 10 ->
          "--x\r\n%s\r\n\r\n%s\r\n--x%s".formatted(values.one(PARTS), bytes, values.one(ENDS));
      default -> bytes;
    };
  }

  private String framed(String body) {
    if (body.isEmpty()) {
      return "Content-Length: 0\r\n\r\n";
    }
    return random.nextInt(10) == 0
        ? "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(body.length(), body)
        : "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }
}
