package io.soilhub.scalability.api;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// An answer that has no Content-Length when it says 304: the field is the length that 200 would
/// have (RFC 9110, section 8.6), and a cache may believe it. The server writes 0 there, by no
/// setting, but leaves the field out when it answers HEAD, which has no body either. So the
/// server's own note of the method, which nothing but its writer of answers reads at that time, is
/// changed by name. Where a server has no such note, the length stays 0, and that is logged once.
final class NotModifiedResponse extends HttpServletResponseWrapper {

  private static final Logger LOG = System.getLogger(NotModifiedResponse.class.getName());
  private static final List<String> WAY =
      List.of("getIRequest", "getHttpInboundConnection", "getHttpInboundLink2", "getHTTPContext");
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private final HttpServletRequest request;
  private Optional<Object> method = Optional.empty();

  NotModifiedResponse(HttpServletRequest request, HttpServletResponse response) {
    super(response);
    this.request = request;
  }

  @Override
  public void setStatus(int status) {
    super.setStatus(status);
    if (status == SC_NOT_MODIFIED) {
      leaveLengthOut();
    } else {
      restore();
    }
  }

  @Override
  public void reset() {
    super.reset();
    restore();
  }

  private void leaveLengthOut() {
    if (method.isPresent()) {
      return;
    }
    try {
      Object context = context();
      Object own = context.getClass().getMethod("getRequestMethod").invoke(context);
      note(context, own.getClass().getField("HEAD").get(null));
      method = Optional.of(own);
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (TOLD.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "answers of 304 will have a Content-Length of 0", e);
      }
    }
  }

  private void restore() {
    if (method.isEmpty()) {
      return;
    }
    try {
      note(context(), method.get());
      method = Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void note(Object context, Object method) throws ReflectiveOperationException {
    Method set = context.getClass().getMethod("setRequestMethod", method.getClass());
    set.invoke(context, method);
  }

  private Object context() throws ReflectiveOperationException {
    Object step = innermost(request);
    for (String name : WAY) {
      step = step.getClass().getMethod(name).invoke(step);
    }
    return step;
  }

  private static ServletRequest innermost(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }
}
