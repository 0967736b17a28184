package io.soilhub.scalability.gateway.downstream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The chunk of length 0 that says that a chunked answer is whole (RFC 9112, section 7.1). It must
/// not follow one that broke off (section 8). The servlet API cannot leave it out: it ends every
/// answer in good order. Open Liberty can, and then closes the connection, but offers this only
/// together with an error page in the middle of the answer; so its switch is called by name here.
/// Where a server has no such switch, the answer looks whole, and that is logged once.
final class ChunkedResponseAborter {

  private static final Logger LOG = System.getLogger(ChunkedResponseAborter.class.getName());
  private static final List<String> WAY =
      List.of("getIRequest", "getHttpInboundConnection", "getHttpDispatcherLink");
  private static final String SWITCH = "setSuppressZeroByteChunk";
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private ChunkedResponseAborter() {}

  /// Leaves it out of the answer to this request. To be called before the answer is ended.
  ///
  /// @return whether the server can
  static boolean withhold(ServletRequest request) {
    try {
      Object link = innermost(request);
      for (String step : WAY) {
        link = link.getClass().getMethod(step).invoke(link);
      }
      link.getClass().getMethod(SWITCH, boolean.class).invoke(link, true);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (TOLD.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "chunked answers that break off will look whole to callers", e);
      }
      return false;
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
