package io.soilhub.scalability.gateway.downstream;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/// Reads lines as RFC 9112 defines them and refuses what parsers read differently: a line feed or a
/// carriage return alone, a line that begins with white space (a folded field), and, between
/// chunks, sizes that are not hexadecimal numbers (sections 2.2, 5.2, 7.1 and 11.2).
final class StrictLineReader implements SessionInputBuffer {

  private enum Part {
    HEAD,
    CHUNKS,
    TRAILER
  }

  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int MOST_DIGITS = 15;

  private final SessionInputBuffer buffer;
  private Part part;
  private int characters;

  private StrictLineReader(SessionInputBuffer buffer, Part part) {
    this.buffer = buffer;
    this.part = part;
  }

  /// For the head of a request.
  static StrictLineReader ofHead(SessionInputBuffer buffer) {
    return new StrictLineReader(buffer, Part.HEAD);
  }

  /// For a chunked body.
  static StrictLineReader ofChunks(SessionInputBuffer buffer) {
    return new StrictLineReader(buffer, Part.CHUNKS);
  }

  @Override
  public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
    int begin = line.length();
    for (int c = buffer.read(in); c != '\r'; c = buffer.read(in)) {
      if (c < 0) {
        if (line.length() > begin) {
          throw new MalformedLine("it ends in the middle of a line");
        }
        return -1;
      }
      if (c == '\n' || c == 0) {
        throw new MalformedLine("a line has a character that it may not have");
      }
      line.append((char) c);
      bound(line.length() - begin);
    }
    if (buffer.read(in) != '\n') {
      throw new MalformedLine("a carriage return stands alone");
    }
    int length = line.length() - begin;
    if (length > 0 && (line.charAt(begin) == ' ' || line.charAt(begin) == '\t')) {
      throw new MalformedLine("a line begins with white space");
    }
    if (part == Part.CHUNKS && length > 0) {
      checkSize(line, begin);
    }
    return length;
  }

  private void bound(int length) throws MessageConstraintException {
    if (part != Part.CHUNKS) {
      characters++;
    }
    if (length > LONGEST_LINE || characters > LONGEST_HEAD) {
      throw new MessageConstraintException("a line or all of them are too long");
    }
  }

  private void checkSize(CharArrayBuffer line, int begin) throws IOException {
    int at = begin;
    boolean zero = true;
    while (at < line.length() && Character.digit(line.charAt(at), 16) >= 0) {
      zero &= line.charAt(at) == '0';
      at++;
    }
    boolean ends = at == line.length() || line.charAt(at) == ';' || line.charAt(at) == ' ';
    if (at == begin || at - begin > MOST_DIGITS || !ends) {
      throw new MalformedChunkCodingException("The size of a chunk is no number");
    }
    if (zero) {
      part = Part.TRAILER;
    }
  }

  @Override
  public int length() {
    return buffer.length();
  }

  @Override
  public int capacity() {
    return buffer.capacity();
  }

  @Override
  public int available() {
    return buffer.available();
  }

  @Override
  public int read(byte[] bytes, int offset, int most, InputStream in) throws IOException {
    return buffer.read(bytes, offset, most, in);
  }

  @Override
  public int read(byte[] bytes, InputStream in) throws IOException {
    return buffer.read(bytes, in);
  }

  @Override
  public int read(InputStream in) throws IOException {
    return buffer.read(in);
  }

  @Override
  public HttpTransportMetrics getMetrics() {
    return buffer.getMetrics();
  }

  /// What was sent is not HTTP.
  static final class MalformedLine extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedLine(String why) {
      super(why);
    }
  }
}
