package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request as a front end received it from a client that may call. Everything on which two
/// parsers could disagree is refused here instead of forwarded (RFC 9112, section 11.2).
///
/// @param id of the request, as the response and the logs name it
/// @param path as it was sent, without the query: `/gateway/{service}/{path}`
/// @param query as it was sent, without the question mark
/// @param headers in the order in which they came
/// @param credentials names in lower case of headers that authenticated the client to this service,
///   and that go no further
/// @param decodesBody whether the front end decodes bodies in one of the codings [#DECODED]
public record ProxyRequest(
    String id,
    String method,
    String path,
    Optional<String> query,
    List<Field> headers,
    Origin origin,
    Set<String> credentials,
    boolean decodesBody) {

  /// The connection that a request came by.
  ///
  /// @param peer address of the other end
  /// @param host that the client asked for, with the port if it named one
  /// @param scheme `http` or `https`
  public record Origin(String peer, String host, String scheme) {}

  private static final String PREFIX = "/gateway/";
  private static final Pattern DOT_SEGMENT =
      Pattern.compile("(^|/|%2f)(\\.|%2e){1,2}($|/|%2f|;|\\?)", Pattern.CASE_INSENSITIVE);
  private static final Set<String> DECODED = Set.of("gzip", "x-gzip", "deflate");
  private static final int MAX_HOPS = 5;

  /// @throws Problem of kind MALFORMED, NOT_FOUND, NOT_IMPLEMENTED or BAD_GATEWAY
  public ProxyRequest {
    checkMethod(method);
    if (!path.startsWith(PREFIX) || path.length() == PREFIX.length()) {
      throw new Problem(
          Problem.Kind.NOT_FOUND, "no-such-resource", "The path is /gateway/{service}/{path}.");
    }
    int slash = slash(path);
    if (slash < path.length() && (!isVisible(path, slash) || hasDots(path, slash))) {
      throw malformed("The path must have no dot segments and no control characters.");
    }
    if (query.isPresent() && !isVisible(query.get(), 0)) {
      throw malformed("The query must have no control characters.");
    }
    checkHeaders(headers);
    if (decodesBody) {
      checkCoding(coding(headers));
    }
  }

  /// The service that the path names.
  String service() {
    return path.substring(PREFIX.length(), slash(path));
  }

  /// Path and query behind the service.
  String target() {
    int slash = slash(path);
    String rest = slash == path.length() ? "/" : path.substring(slash);
    return query.map(q -> rest + "?" + q).orElse(rest);
  }

  /// The value of the first header of this name.
  String header(String name, String initial) {
    for (Field field : headers) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return initial;
  }

  /// Bytes of the body as it was sent, or [Body#UNKNOWN].
  long length() {
    String declared = header("Content-Length", "");
    if (!declared.isEmpty()) {
      return Long.parseLong(declared);
    }
    return header("Transfer-Encoding", "").isEmpty() ? 0 : Body.UNKNOWN;
  }

  /// Whether the front end has decoded the body. Neither the coding nor the length that was
  /// declared holds then.
  boolean isDecoded() {
    return decodesBody && DECODED.contains(coding(headers));
  }

  /// Where the path behind the service begins; the path's end when there is none.
  private static int slash(String path) {
    int slash = path.indexOf('/', PREFIX.length());
    return slash < 0 ? path.length() : slash;
  }

  private static boolean hasDots(String path, int begin) {
    boolean may = path.indexOf('.', begin) >= 0 || path.indexOf('%', begin) >= 0;
    return may && DOT_SEGMENT.matcher(path).region(begin, path.length()).find();
  }

  /// Names of methods are case-sensitive, but not every server treats them so. A server that takes
  /// `head` for another method responds with a body, and the client would read that body as the
  /// response to its next request.
  private static void checkMethod(String method) {
    boolean tunnel = method.equalsIgnoreCase("TRACE") || method.equalsIgnoreCase("CONNECT");
    boolean almostHead = method.equalsIgnoreCase("HEAD") && !method.equals("HEAD");
    if (tunnel || almostHead) {
      throw notImplemented("method-not-forwarded", method + " is not forwarded.");
    }
  }

  private static void checkHeaders(List<Field> headers) {
    boolean length = false;
    boolean encoded = false;
    int hops = 0;
    for (Field field : headers) {
      if (!Field.isWellFormed(field.name(), field.value())) {
        throw malformed("A header field has characters that it may not have.");
      }
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "content-length" -> {
          if (length || !field.value().matches("\\d{1,18}")) {
            throw malformed("Content-Length must be one number.");
          }
          length = true;
        }
        case "transfer-encoding" -> {
          if (encoded || !field.value().strip().equalsIgnoreCase("chunked")) {
            throw malformed("Transfer-Encoding must be chunked, once.");
          }
          encoded = true;
        }
        case "upgrade" -> checkUpgrade(field.value());
        case "via" -> hops += field.value().split(Pattern.quote(Headers.VIA), -1).length - 1;
        default -> {
          // forwarded or dropped as it is
        }
      }
    }
    if (length && encoded) {
      throw malformed("Content-Length and Transfer-Encoding exclude each other.");
    }
    if (hops >= MAX_HOPS) {
      throw new Problem(
          Problem.Kind.BAD_GATEWAY, "gateway-loop", "The request runs in a circle of gateways.");
    }
  }

  /// Protocols other than WebSocket are offers, which may be ignored (RFC 9110, section 7.8).
  private static void checkUpgrade(String protocols) {
    if (protocols.toLowerCase(Locale.ROOT).contains("websocket")) {
      throw notImplemented("upgrade-not-supported", "The gateway does not forward WebSockets.");
    }
  }

  /// A front end decodes one layer only, and a header that names the rest cannot be told from one
  /// that names all layers.
  private static void checkCoding(String coding) {
    int last = coding.lastIndexOf(',');
    if (last >= 0 && DECODED.contains(coding.substring(last + 1).strip())) {
      throw notImplemented("coding-not-forwarded", "A body packed several times is not forwarded.");
    }
  }

  private static String coding(List<Field> headers) {
    return headers.stream()
        .filter(f -> f.name().equalsIgnoreCase("Content-Encoding"))
        .map(f -> f.value().strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  private static boolean isVisible(String text, int begin) {
    for (int i = begin; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static Problem malformed(String detail) {
    return new Problem(Problem.Kind.MALFORMED, "malformed-request", detail);
  }

  private static Problem notImplemented(String type, String detail) {
    return new Problem(Problem.Kind.NOT_IMPLEMENTED, type, detail);
  }
}
