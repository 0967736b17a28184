package io.soilhub.scalability.probing;

import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.outbound.HappyEyeballs;
import io.soilhub.scalability.outbound.Names;
import io.soilhub.scalability.platform.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One GET of an instance's health endpoint over a connection of its own, so that accepting new
/// connections is probed as well; to any of its addresses, as forwards go. Only the status line is
/// read; 200 to 399 is good.
final class HttpProbe {

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
  private static final int LONGEST_STATUS_LINE = 512;

  private final Names names;
  private final Duration timeout;
  private final Ticker ticker;

  /// @param timeout of all of it: look-up, connect and answer
  HttpProbe(Names names, Duration timeout, Ticker ticker) {
    this.names = names;
    this.timeout = timeout;
    this.ticker = ticker;
  }

  /// @throws IOException when the instance does not answer as it should
  void call(Target target) throws IOException {
    long deadline = ticker.nanos() + timeout.toNanos();
    try (HappyEyeballs connect = new HappyEyeballs(ticker);
        Socket socket =
            connect
                .connect(
                    names.resolve(target.host()), target.port(), Duration.ofMillis(left(deadline)))
                .socket()) {
      socket.setSoTimeout(left(deadline));
      socket.getOutputStream().write(request(target));
      Matcher line = STATUS_LINE.matcher(statusLine(socket, deadline));
      if (!line.matches()) {
        throw new IOException("no HTTP answer");
      }
      int status = Integer.parseInt(line.group(1));
      if (status < 200 || status >= 400) {
        throw new IOException("answers " + status);
      }
    }
  }

  private static byte[] request(Target target) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: soilhub-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        .formatted(target.healthEndpoint(), target.authority())
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Byte by byte with the time that is left, so that a trickle is not waited for.
  private String statusLine(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() >= LONGEST_STATUS_LINE) {
        throw new IOException("no HTTP answer");
      }
      line.append((char) next);
      socket.setSoTimeout(left(deadline));
    }
    return line.toString().stripTrailing();
  }

  private int left(long deadline) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - ticker.nanos());
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
    }
    return (int) millis;
  }
}
