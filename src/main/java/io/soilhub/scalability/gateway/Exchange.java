package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Attempt;
import io.soilhub.scalability.platform.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// The caller's side of one forward, on a thread of its own behind the server's.
final class Exchange {

  private static final Logger LOG = System.getLogger(Exchange.class.getName());
  private static final int BUFFER = 16 * 1024;

  private final AsyncContext async;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Problem.Page problems;

  Exchange(AsyncContext async, Problem.Page problems) {
    this.async = async;
    this.request = (HttpServletRequest) async.getRequest();
    this.response = (HttpServletResponse) async.getResponse();
    this.problems = problems;
  }

  /// Passes an answer on as it arrives. Flushes where the instance pauses, so that streams of
  /// events arrive one by one.
  ///
  /// @param patienceMillis silence of the instance that is its fault when the deadline ends it
  void pass(
      Upstream.Answer answer, Attempt attempt, Deadlines.Deadline deadline, int patienceMillis)
      throws IOException {
    head(answer, attempt.instance().id());
    if (request.getMethod().equals("HEAD") || answer.length() == 0) {
      return;
    }
    boolean unbounded = answer.length() < 0;
    byte[] buffer = new byte[BUFFER];
    InputStream in = answer.body();
    ServletOutputStream out = output();
    for (int got = read(in, buffer, deadline, patienceMillis);
        got >= 0;
        got = read(in, buffer, deadline, patienceMillis)) {
      write(out, buffer, got);
      if (unbounded && in.available() == 0) {
        flush(out);
      }
      if (deadline.isOver()) {
        throw new CallerGone(new SocketTimeoutException("the answer is taken too slowly"));
      }
      attempt.transferred(got);
    }
  }

  private static int read(
      InputStream in, byte[] buffer, Deadlines.Deadline deadline, int patienceMillis)
      throws IOException {
    int left = deadline.leftMillis();
    try {
      return in.read(buffer);
    } catch (IOException e) {
      if (deadline.isOver() && left < patienceMillis) {
        throw new TimeUp(e);
      }
      throw e;
    }
  }

  private void refuse(Problem problem) throws IOException {
    refuse(problem, request, response, problems);
  }

  /// Answers with a problem.
  static void refuse(
      Problem problem,
      HttpServletRequest request,
      HttpServletResponse response,
      Problem.Page problems)
      throws IOException {
    String requestId = response.getHeader("X-Request-Id");
    byte[] body = problems.body(problem, request.getRequestURI(), requestId);
    // Nothing may stay of an answer that had begun to be passed on.
    response.reset();
    response.setHeader("X-Request-Id", requestId);
    response.setHeader("X-Content-Type-Options", "nosniff");
    Framing.guard(request, response);
    if (problem.kind() == Problem.Kind.MALFORMED) {
      Framing.close(response);
    }
    response.setStatus(problem.kind().status());
    problem
        .retryAfter()
        .ifPresent(
            wait ->
                response.setHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
    response.setContentType("application/problem+json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /// Ends an exchange, whatever came of it.
  void complete() {
    async.complete();
  }

  /// Says that an answer broke off: with a problem when nothing of it has left yet, else by what is
  /// missing at its end.
  void breakOff(Problem problem) {
    try {
      if (response.isCommitted()) {
        LastChunk.withhold(request);
      } else {
        refuse(problem);
      }
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }

  private void head(Upstream.Answer answer, String instanceId) {
    response.setStatus(answer.status());
    Set<String> seen = new HashSet<>();
    for (Headers.Field field : Headers.toCaller(answer.headers(), instanceId)) {
      if (seen.add(field.name().toLowerCase(Locale.ROOT))) {
        response.setHeader(field.name(), field.value());
      } else {
        response.addHeader(field.name(), field.value());
      }
    }
    if (request.getMethod().equals("HEAD")) {
      declared(answer.headers()).ifPresent(response::setContentLengthLong);
    } else if (answer.length() >= 0 && answer.status() != 204 && answer.status() != 304) {
      response.setContentLengthLong(answer.length());
    }
  }

  /// The answer to HEAD may tell the length of a body that is not there. None is made up: 0 would
  /// be taken for the length of what GET brings.
  private static OptionalLong declared(List<Headers.Field> fields) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase("content-length"))
        .filter(field -> field.value().matches("\\d{1,18}"))
        .mapToLong(field -> Long.parseLong(field.value()))
        .findFirst();
  }

  private ServletOutputStream output() throws CallerGone {
    try {
      return response.getOutputStream();
    } catch (IOException e) {
      throw new CallerGone(e);
    }
  }

  private static void write(ServletOutputStream out, byte[] buffer, int count) throws CallerGone {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw new CallerGone(e);
    }
  }

  /// The server only takes note of the first flush of an answer, and sends nothing.
  private void flush(ServletOutputStream out) throws CallerGone {
    try {
      if (!response.isCommitted()) {
        out.flush();
      }
      out.flush();
    } catch (IOException e) {
      throw new CallerGone(e);
    }
  }
}
