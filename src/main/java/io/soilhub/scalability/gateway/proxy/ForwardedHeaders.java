package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.http.Authority;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where a request comes from: what the peer says, when it is a trusted proxy, and what is seen
/// here. Instances get it in both forms, Forwarded (RFC 7239) and X-Forwarded-*; where a proxy sent
/// one of them, the other is made of it (section 7.4).
///
/// @param proxies whether an address is that of a proxy whose word counts
/// @param trusted whether the peer's word counts
/// @param hops for whom the peer says that it forwarded, the client first
/// @param elements of Forwarded for these hops
/// @param host that the client asked for
/// @param proto `http` or `https`, by which the client asked
record ForwardedHeaders(
    ProxyRequest.Origin origin,
    Predicate<InetAddress> proxies,
    boolean trusted,
    List<String> hops,
    List<String> elements,
    String host,
    String proto) {

  private static final String FOR = "x-forwarded-for";
  private static final String HOST = "x-forwarded-host";
  private static final String PROTO = "x-forwarded-proto";
  private static final String ALL = "forwarded";
  private static final String UNKNOWN = "unknown";

  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)=(\"(?:[^\"\\\\]++|\\\\.)*+\"|[^\\s\",;]++)\\s*([;,]|$)");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Predicate<String> AUTHORITY = text -> Authority.parse(text).isPresent();
  private static final Predicate<String> SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,15}").asMatchPredicate();

  /// @param origin what is seen of the request here
  static ForwardedHeaders of(
      List<Field> fields, ProxyRequest.Origin origin, Predicate<InetAddress> proxies) {
    if (!isTrusted(origin.peer(), proxies)) {
      return new ForwardedHeaders(
          origin, proxies, false, List.of(), List.of(), origin.host(), origin.scheme());
    }
    List<Map<String, String>> told = elements(joined(fields, ALL));
    List<String> sent = hops(joined(fields, FOR));
    List<String> hops =
        sent.isEmpty()
            ? told.stream().map(e -> node(e.getOrDefault("for", UNKNOWN))).toList()
            : sent;
    List<String> elements =
        told.isEmpty()
            ? sent.stream().map(hop -> "for=" + quoted(hop)).toList()
            : told.stream().map(ForwardedHeaders::element).toList();
    return new ForwardedHeaders(
        origin,
        proxies,
        true,
        hops,
        elements,
        first(fields, HOST, AUTHORITY)
            .or(() -> told(told, "host", AUTHORITY))
            .orElse(origin.host()),
        first(fields, PROTO, SCHEME)
            .or(() -> told(told, "proto", SCHEME))
            .orElse(origin.scheme())
            .toLowerCase(Locale.ROOT));
  }

  /// Whether only a trusted proxy may send a field of this name.
  static boolean isOne(String lowerCaseName) {
    return lowerCaseName.equals(ALL)
        || lowerCaseName.startsWith("x-forwarded-")
        || lowerCaseName.equals("x-real-ip");
  }

  /// Whether [#fields] has a field of this name.
  static boolean isWritten(String lowerCaseName) {
    return lowerCaseName.equals(ALL)
        || lowerCaseName.equals(FOR)
        || lowerCaseName.equals(HOST)
        || lowerCaseName.equals(PROTO);
  }

  /// The last hop that is no trusted proxy: an address without port, or a word that stands for one.
  /// What that hop claims in turn is ignored.
  String client() {
    String client = plain(origin.peer());
    for (String hop : hops.reversed()) {
      if (hop.equals(UNKNOWN)) {
        return client;
      }
      client = hop;
      if (!isTrusted(hop, proxies)) {
        return client;
      }
    }
    return client;
  }

  /// The fields that the instance gets.
  List<Field> fields() {
    String peer = plain(origin.peer());
    List<String> all = new ArrayList<>(hops);
    all.add(peer);
    List<String> forwarded = new ArrayList<>(elements);
    forwarded.add(
        "for=" + quoted(peer) + ";host=\"" + origin.host() + "\";proto=" + origin.scheme());
    return List.of(
        new Field("X-Forwarded-For", String.join(", ", all)),
        new Field("Forwarded", String.join(", ", forwarded)),
        new Field("X-Forwarded-Host", host),
        new Field("X-Forwarded-Proto", proto));
  }

  private static boolean isTrusted(String address, Predicate<InetAddress> proxies) {
    return address(address).filter(proxies).isPresent();
  }

  private static String joined(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .collect(Collectors.joining(","));
  }

  /// The first value of a list is the client's.
  private static Optional<String> first(List<Field> fields, String name, Predicate<String> form) {
    String value = joined(fields, name);
    int comma = value.indexOf(',');
    String first = (comma < 0 ? value : value.substring(0, comma)).strip();
    return Optional.of(first).filter(form);
  }

  private static Optional<String> told(
      List<Map<String, String>> told, String name, Predicate<String> form) {
    return told.stream()
        .filter(element -> element.containsKey(name))
        .map(element -> element.get(name))
        .findFirst()
        .filter(form);
  }

  private static List<String> hops(String value) {
    List<String> hops = new ArrayList<>();
    for (String hop : value.split(",")) {
      if (!hop.isBlank()) {
        hops.add(node(hop.strip()));
      }
    }
    return hops;
  }

  /// The elements of Forwarded; none when the value is malformed, so that the field is left out.
  private static List<Map<String, String>> elements(String value) {
    List<Map<String, String>> elements = new ArrayList<>();
    Map<String, String> element = new LinkedHashMap<>();
    Matcher pair = PAIR.matcher(value);
    int at = 0;
    while (at < value.length()) {
      if (!pair.region(at, value.length()).lookingAt()) {
        return List.of();
      }
      String text = pair.group(2);
      if (text.startsWith("\"")) {
        text = text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
      }
      element.put(pair.group(1).toLowerCase(Locale.ROOT), text);
      if (!pair.group(3).equals(";")) {
        elements.add(element);
        element = new LinkedHashMap<>();
      }
      at = pair.end();
    }
    return element.isEmpty() ? elements : List.of();
  }

  private static String element(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + value(pair.getValue()))
        .collect(Collectors.joining(";"));
  }

  private static String value(String text) {
    return TOKEN.matcher(text).matches()
        ? text
        : "\"" + text.replaceAll("([\"\\\\])", "\\\\$1") + "\"";
  }

  /// An address without port and brackets, or a word that stands for one.
  private static String node(String text) {
    String node = text;
    if (node.startsWith("[")) {
      node = node.substring(1).replaceFirst("\\].*", "");
    } else if (node.indexOf(':') == node.lastIndexOf(':')) {
      node = node.replaceFirst(":.*", "");
    }
    node = plain(node);
    return NODE.matcher(node).matches() ? node : UNKNOWN;
  }

  /// Without the zone, which means something only on its own machine.
  private static String plain(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }

  private static String quoted(String node) {
    return node.indexOf(':') < 0 ? node : "\"[" + node + "]\"";
  }

  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(plain(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
