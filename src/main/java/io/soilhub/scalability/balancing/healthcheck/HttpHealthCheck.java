package io.soilhub.scalability.balancing.healthcheck;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.outbound.HappyEyeballs;
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
final class HttpHealthCheck {

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
  private static final int LONGEST_STATUS_LINE = 512;

  private final DnsCache dnsCache;
  private final Duration timeout;
  private final Ticker ticker;

  /// @param timeout of all of it: look-up, connect and answer
  HttpHealthCheck(DnsCache dnsCache, Duration timeout, Ticker ticker) {
    this.dnsCache = dnsCache;
    this.timeout = timeout;
    this.ticker = ticker;
  }

  /// @throws IOException when the instance does not answer as it should
  void call(InstanceSpec instanceSpec) throws IOException {
    long deadline = ticker.nanos() + timeout.toNanos();
    try (HappyEyeballs connect = new HappyEyeballs(ticker);
        Socket socket =
            connect
                .connect(
                    dnsCache.resolve(instanceSpec.host()),
                    instanceSpec.port(),
                    Duration.ofMillis(left(deadline)))
                .socket()) {
      socket.setSoTimeout(left(deadline));
      socket.getOutputStream().write(request(instanceSpec));
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

  private static byte[] request(InstanceSpec instanceSpec) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: soilhub-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        .formatted(instanceSpec.healthEndpoint(), instanceSpec.authority())
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
