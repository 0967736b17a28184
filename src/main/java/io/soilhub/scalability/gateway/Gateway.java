package io.soilhub.scalability.gateway;

import io.soilhub.scalability.access.RequestId;
import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.Registry;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.strategies.Mixing;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Takes requests from the servlet and forwards each on a thread of its own.
final class Gateway {

  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

  private final Registry registry;
  private final Upstream upstream;
  private final Deadlines deadlines;
  private final AllowedAddresses trustedProxies;
  private final Problem.Page problems;
  private final Executor executor;
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param executor a thread for each request, for instance virtual ones
  Gateway(
      Registry registry,
      Upstream upstream,
      Deadlines deadlines,
      AllowedAddresses trustedProxies,
      Problem.Page problems,
      Executor executor) {
    this.registry = registry;
    this.upstream = upstream;
    this.deadlines = deadlines;
    this.trustedProxies = trustedProxies;
    this.problems = problems;
    this.executor = executor;
  }

  /// Begins to forward a request and returns, or answers with a problem.
  ///
  /// @param secret names in lower case of header fields that go no further
  /// @throws Problem for a request that cannot be forwarded
  void begin(HttpServletRequest request, HttpServletResponse response, Set<String> secret) {
    String requestId = response.getHeader("X-Request-Id");
    Incoming incoming = Incoming.of(request);
    Pool pool = registry.pool(incoming.service());
    Headers.Origin origin =
        new Headers.Origin(
            request.getRemoteAddr(),
            incoming.header("Host", request.getServerName()),
            request.getScheme(),
            isTrusted(request.getRemoteAddr()));
    List<Headers.Field> sent =
        incoming.isUnpacked() ? Headers.unpacked(incoming.headers()) : incoming.headers();
    List<Headers.Field> headers = Headers.toInstance(sent, origin, secret, requestId);
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    Exchange exchange = new Exchange(async, problems);
    Runnable forward =
        () -> {
          RequestId.enter(requestId);
          try {
            run(request, pool, incoming, headers, exchange).ifPresent(exchange::breakOff);
          } finally {
            exchange.complete();
            RequestId.leave();
          }
        };
    try {
      executor.execute(forward);
    } catch (RejectedExecutionException e) {
      exchange.breakOff(
          Problem.unavailable("stopping", "This replica is stopping.", COME_AGAIN, e));
      exchange.complete();
    }
  }

  /// @return why there is no whole answer
  private Optional<Problem> run(
      HttpServletRequest request,
      Pool pool,
      Incoming incoming,
      List<Headers.Field> headers,
      Exchange exchange) {
    long key = key(pool.policy().hashOn(), incoming, request.getRemoteAddr());
    RetryBudget budget = budgets.computeIfAbsent(pool.service(), _ -> new RetryBudget());
    try (Deadlines.Deadline deadline = deadlines.in(pool.policy().deadlineMs())) {
      Body body = new Body(request.getInputStream(), length(request, incoming), deadline);
      Upstream.Outgoing outgoing =
          new Upstream.Outgoing(incoming.method(), incoming.path(), headers, body);
      new Forwarding(pool, upstream, budget).run(key, outgoing, deadline, exchange::pass);
      return Optional.empty();
    } catch (Problem problem) {
      return Optional.of(problem);
    } catch (CallerGone _) {
      return Optional.of(
          new Problem(
              Problem.Kind.MALFORMED, "malformed-body", "The body cannot be read to its end."));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "{0}: the answer broke off: {1}", pool.service(), e.toString());
      return Optional.of(
          new Problem(
              Problem.Kind.BAD_GATEWAY, "instance-failed", "The instance's answer broke off."));
    }
  }

  private boolean isTrusted(String peer) {
    try {
      return trustedProxies.allows(InetAddress.ofLiteral(peer));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  static long key(String hashOn, Incoming incoming, String peer) {
    return Mixing.hash(
        switch (hashOn) {
          case "client_ip" -> peer;
          case "path" -> incoming.path();
          default -> incoming.header(hashOn, peer);
        });
  }

  private static long length(HttpServletRequest request, Incoming incoming) {
    long declared = request.getContentLengthLong();
    if (declared >= 0) {
      return declared > 0 && incoming.isUnpacked() ? Body.UNKNOWN : declared;
    }
    return request.getHeader("Transfer-Encoding") == null ? 0 : Body.UNKNOWN;
  }
}
