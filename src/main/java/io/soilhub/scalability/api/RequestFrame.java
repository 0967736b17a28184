package io.soilhub.scalability.api;

import io.soilhub.scalability.access.AccessFilter;
import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.RequestAuthority;
import io.soilhub.scalability.access.RequestId;
import io.soilhub.scalability.api.RequestLimits.UploadSlots;
import io.soilhub.scalability.monitoring.RequestMeter;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Uuid7;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/// The outermost layer around every request of the WAR: gives it its id, looks whether it was sent
/// to this service, bounds its body, counts it, and makes a problem of whatever nobody below
/// answered.
final class RequestFrame implements Filter {

  private static final Logger LOG = System.getLogger(RequestFrame.class.getName());

  private final Uuid7 ids;
  private final RequestLimits limits;
  private final UploadSlots uploads;
  private final AllowedHosts hosts;
  private final RequestMeter meter;

  RequestFrame(
      Uuid7 ids,
      RequestLimits limits,
      UploadSlots uploads,
      AllowedHosts hosts,
      RequestMeter meter) {
    this.ids = ids;
    this.uploads = uploads;
    this.hosts = hosts;
    this.limits = limits;
    this.meter = meter;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = new NotModifiedResponse(http, (HttpServletResponse) response);
    String id = RequestId.of(Optional.ofNullable(http.getHeader(RequestId.HEADER)), ids::next);
    answer.setHeader(RequestId.HEADER, id);
    answer.setHeader("X-Content-Type-Options", "nosniff");
    RequestId.enter(id);
    RequestMeter.Measured begun = meter.begin();
    try (MeasuredRequest measured =
        new MeasuredRequest(http, () -> begun.end(answer.getStatus(), call(http)))) {
      pass(measured, answer, chain);
    } finally {
      RequestId.leave();
    }
  }

  private void pass(HttpServletRequest http, HttpServletResponse answer, FilterChain chain)
      throws IOException {
    try (UploadSlots.Slot slot = uploads.slot()) {
      hosts.check(RequestAuthority.of(http).host());
      if (!RequestLimits.isForward(http)) {
        RequestTarget.check(http.getRequestURI(), Optional.ofNullable(http.getQueryString()));
        QualityValues.check(http);
      }
      Optional<Failure> refused = limits.refuse(http);
      if (refused.isPresent()) {
        write(refused.get(), http, answer);
      } else {
        chain.doFilter(limits.bounded(http, slot), answer);
      }
    } catch (IOException | ServletException | RuntimeException e) {
      answer(e, http, answer);
    }
  }

  /// What the access filter found the request to be, if it came so far.
  private static Optional<String> call(HttpServletRequest http) {
    return Optional.ofNullable((String) http.getAttribute(AccessFilter.OPERATION));
  }

  private static void answer(Exception e, HttpServletRequest http, HttpServletResponse answer)
      throws IOException {
    Failure failure = Failures.of(e);
    if (failure.status() >= 500) {
      LOG.log(Level.ERROR, "answered " + failure.status(), e);
    }
    if (!answer.isCommitted()) {
      answer.resetBuffer();
      write(failure, http, answer);
    }
  }

  /// Writes a problem outside JAX-RS.
  static void write(Failure failure, HttpServletRequest http, HttpServletResponse answer)
      throws IOException {
    byte[] body =
        Json.mapper()
            .writeValueAsBytes(
                failure.body(http.getRequestURI(), answer.getHeader(RequestId.HEADER)));
    answer.setStatus(failure.status());
    for (Map.Entry<String, String> header : failure.headers().entrySet()) {
      answer.setHeader(header.getKey(), header.getValue());
    }
    answer.setHeader("Cache-Control", "private, no-cache");
    answer.setContentType(Failure.MEDIA_TYPE);
    answer.setContentLength(body.length);
    if (!"HEAD".equals(http.getMethod())) {
      answer.getOutputStream().write(body);
    }
  }
}
