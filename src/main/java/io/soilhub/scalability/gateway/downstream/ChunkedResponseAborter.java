package io.soilhub.scalability.gateway.downstream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Leaves out the chunk of length 0 that ends a chunked response (RFC 9112, section 7.1), so that
/// the client sees that the response is incomplete (section 8). The Servlet API cannot do that: it
/// ends every response in good order. Open Liberty can, and then closes the connection, but offers
/// it only together with an error page in the middle of the response; so its switch is called by
/// name here. Where a server has no such switch, the response looks whole, which is logged once.
final class ChunkedResponseAborter {

  private static final Logger LOG = System.getLogger(ChunkedResponseAborter.class.getName());
  private static final List<String> PATH =
      List.of("getIRequest", "getHttpInboundConnection", "getHttpDispatcherLink");
  private static final String SWITCH = "setSuppressZeroByteChunk";
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private ChunkedResponseAborter() {}

  /// Must be called before the response is ended.
  static void abort(ServletRequest request) {
    try {
      Object link = innermost(request);
      for (String step : PATH) {
        link = link.getClass().getMethod(step).invoke(link);
      }
      link.getClass().getMethod(SWITCH, boolean.class).invoke(link, true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (LOGGED.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "chunked responses that break off will look whole to clients", e);
      }
    }
  }

  private static ServletRequest innermost(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
