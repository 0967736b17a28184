package io.soilhub.scalability.api;

import io.soilhub.scalability.access.AccessFilter;
import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.access.RequestAuthority;
import io.soilhub.scalability.api.RequestLimits.UploadSlots;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.telemetry.logging.RequestId;
import io.soilhub.scalability.telemetry.metrics.RequestMeter;
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
final class RequestContextFilter implements Filter {

  private static final Logger LOG = System.getLogger(RequestContextFilter.class.getName());

  private final Uuid7 ids;
  private final RequestLimits limits;
  private final UploadSlots uploads;
  private final AllowedHosts hosts;
  private final RequestMeter meter;

  RequestContextFilter(
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
      Optional<ProblemResponse> refused = limits.refuse(http);
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
    ProblemResponse problemResponse = ExceptionTranslator.of(e);
    if (problemResponse.status() >= 500) {
      LOG.log(Level.ERROR, "answered " + problemResponse.status(), e);
    }
    if (!answer.isCommitted()) {
      answer.resetBuffer();
      write(problemResponse, http, answer);
    }
  }

  /// Writes a problem outside JAX-RS.
  static void write(
      ProblemResponse problemResponse, HttpServletRequest http, HttpServletResponse answer)
      throws IOException {
    byte[] body =
        Json.mapper()
            .writeValueAsBytes(
                problemResponse.body(http.getRequestURI(), answer.getHeader(RequestId.HEADER)));
    answer.setStatus(problemResponse.status());
    for (Map.Entry<String, String> header : problemResponse.headers().entrySet()) {
      answer.setHeader(header.getKey(), header.getValue());
    }
    answer.setHeader("Cache-Control", "private, no-cache");
    answer.setContentType(ProblemResponse.MEDIA_TYPE);
    answer.setContentLength(body.length);
    if (!"HEAD".equals(http.getMethod())) {
      answer.getOutputStream().write(body);
    }
  }
}
