package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/// The head of a request, as it was sent.
///
/// @param path raw, without the query
/// @param query raw
/// @param authority host and port of an absolute target, which counts more than Host (RFC 9112,
///   section 3.2.2)
record RequestHead(
    String method,
    String path,
    Optional<String> query,
    Optional<String> authority,
    boolean http10,
    List<Field> fields) {

  /// How the end of a body is told (RFC 9112, section 6.3).
  sealed interface Framing {

    record Length(long bytes) implements Framing {}

    record Chunked() implements Framing {}

    /// In doubt: nothing on the connection can be read as the next request.
    record Unknown() implements Framing {}
  }

  /// Stands for what could not be read.
  static final RequestHead UNREAD =
      new RequestHead("-", "-", Optional.empty(), Optional.empty(), false, List.of());

  private static final int MOST_FIELDS = 100;

  /// Of the scheme that the connection has.
  private static final Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?]*)(.*)");

  /// Reads a head.
  ///
  /// @return empty at the end of the connection
  /// @throws StrictLineReader.MalformedLine when it is not HTTP/1.1
  /// @throws MessageConstraintException when it is too long
  static Optional<RequestHead> read(SessionInputBuffer buffer, InputStream in) throws IOException {
    StrictLineReader lines = StrictLineReader.ofHead(buffer);
    CharArrayBuffer line = new CharArrayBuffer(256);
    int begin = lines.readLine(line, in);
    if (begin == 0) {
      // One empty line before a request is passed over (RFC 9112, section 2.2).
      begin = lines.readLine(line, in);
    }
    if (begin < 0) {
      return Optional.empty();
    }
    RequestLine first = RequestLine.of(line);
    List<Field> fields = new ArrayList<>();
    line.clear();
    for (int length = lines.readLine(line, in); length != 0; length = lines.readLine(line, in)) {
      if (length < 0) {
        throw new StrictLineReader.MalformedLine("it ends before its head does");
      }
      if (fields.size() == MOST_FIELDS) {
        throw new MessageConstraintException("there are too many fields");
      }
      fields.add(field(line));
      line.clear();
    }
    return Optional.of(of(first, List.copyOf(fields)));
  }

  private static Field field(CharArrayBuffer line) throws StrictLineReader.MalformedLine {
    int colon = line.indexOf(':');
    boolean named = colon > 0;
    for (int i = 0; i < colon; i++) {
      named &= Field.isOfToken(line.charAt(i));
    }
    if (!named) {
      throw new StrictLineReader.MalformedLine("a field has no name, or one that may not be");
    }
    return new Field(line.substring(0, colon), line.substringTrimmed(colon + 1, line.length()));
  }

  /// @throws Problem of kind MALFORMED for what HTTP/1.1 does not allow of a head as a whole
  void check() {
    if (!http10 && all("Host").size() != 1) {
      throw malformed("There must be one Host field.");
    }
    boolean readable =
        Stream.concat(authority.stream(), all("Host").stream())
            .allMatch(text -> Authority.parse(text).isPresent());
    if (!readable) {
      throw malformed("The host must be a name or an address, with or without a port.");
    }
    if (http10 && first("Transfer-Encoding").isPresent()) {
      throw malformed("HTTP/1.0 has no Transfer-Encoding.");
    }
  }

  /// Without the authority of an absolute target.
  String requestLine() {
    String target = query.map(q -> path + "?" + q).orElse(path);
    return method + " " + target + (http10 ? " HTTP/1.0" : " HTTP/1.1");
  }

  /// How the end of the body is told, as far as that is beyond doubt.
  Framing framing() {
    List<String> lengths = all("Content-Length");
    List<String> codings = all("Transfer-Encoding");
    if (lengths.isEmpty() && codings.isEmpty()) {
      return new Framing.Length(0);
    }
    if (codings.isEmpty() && lengths.size() == 1 && lengths.getFirst().matches("\\d{1,18}")) {
      return new Framing.Length(Long.parseLong(lengths.getFirst()));
    }
    boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    return lengths.isEmpty() && chunked && !http10 ? new Framing.Chunked() : new Framing.Unknown();
  }

  /// Whether the body comes only once it is asked for.
  boolean isAwaiting() {
    return !http10 && first("Expect").filter("100-continue"::equalsIgnoreCase).isPresent();
  }

  /// The host that the client asked for; after [#check] empty only for HTTP/1.0 without Host.
  Optional<Authority> sentTo() {
    return authority.or(() -> first("Host")).flatMap(Authority::parse);
  }

  /// Whether the client lets the connection go on after this request.
  boolean isPersistent() {
    boolean close = false;
    boolean keep = false;
    for (String value : all("Connection")) {
      String options = value.toLowerCase(Locale.ROOT);
      close |= options.contains("close");
      keep |= options.contains("keep-alive");
    }
    return !close && (!http10 || keep);
  }

  Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  private static RequestHead of(RequestLine line, List<Field> fields)
      throws StrictLineReader.MalformedLine {
    String target = line.target();
    Optional<String> authority = Optional.empty();
    if (!line.hasPath()) {
      Matcher absolute = ABSOLUTE.matcher(target);
      if (!absolute.matches()) {
        throw new StrictLineReader.MalformedLine(
            "the target is in none of the forms that there are");
      }
      authority = Optional.of(absolute.group(1));
      String rest = absolute.group(2);
      target = rest.startsWith("/") ? rest : "/" + rest;
    }
    int mark = target.indexOf('?');
    return new RequestHead(
        line.method(),
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? Optional.empty() : Optional.of(target.substring(mark + 1)),
        authority,
        line.http10(),
        fields);
  }

  private static Problem malformed(String detail) {
    return new Problem(Problem.Kind.MALFORMED, "malformed-request", detail);
  }

  /// A method, one space, a target of visible characters, one space, and HTTP/1.1 or HTTP/1.0.
  private record RequestLine(String method, String target, boolean http10) {

    /// Whether the target is a path, or what takes its place with this method: `*`, or whatever a
    /// tunnel, which is refused later, is asked for (RFC 9112, section 3.2).
    boolean hasPath() {
      return target.startsWith("/")
          || (method.equals("OPTIONS") && target.equals("*"))
          || method.equalsIgnoreCase("CONNECT");
    }

    static RequestLine of(CharArrayBuffer line) throws StrictLineReader.MalformedLine {
      int first = line.indexOf(' ');
      int second = first < 0 ? -1 : line.indexOf(' ', first + 1, line.length());
      if (first < 1 || second < first + 2) {
        throw new StrictLineReader.MalformedLine("the request line has not three parts");
      }
      for (int i = 0; i < second; i++) {
        char c = line.charAt(i);
        boolean fits =
            i < first ? Field.isOfToken(c) : i == first || (c > ' ' && c < 0x7F && c != '#');
        if (!fits) {
          throw new StrictLineReader.MalformedLine(
              "the request line has a character that it may not have");
        }
      }
      return new RequestLine(
          line.substring(0, first),
          line.substring(first + 1, second),
          isOfHttp10(line.substring(second + 1, line.length())));
    }

    private static boolean isOfHttp10(String version) throws StrictLineReader.MalformedLine {
      return switch (version) {
        case "HTTP/1.1" -> false;
        case "HTTP/1.0" -> true;
        default -> throw new StrictLineReader.MalformedLine("another version is not spoken");
      };
    }
  }
}
