package io.soilhub.scalability.gateway;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.Registry;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.ProblemPage;
import io.soilhub.scalability.strategies.Mixing;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Takes requests from the servlet and forwards each on a thread of its own.
final class Gateway {

  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  private final Registry registry;
  private final Upstream upstream;
  private final Deadlines deadlines;
  private final AllowedAddresses trustedProxies;
  private final ProblemPage problems;
  private final Executor executor;
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param executor a thread for each request, for instance virtual ones
  Gateway(
      Registry registry,
      Upstream upstream,
      Deadlines deadlines,
      AllowedAddresses trustedProxies,
      ProblemPage problems,
      Executor executor) {
    this.registry = registry;
    this.upstream = upstream;
    this.deadlines = deadlines;
    this.trustedProxies = trustedProxies;
    this.problems = problems;
    this.executor = executor;
  }

  /// Begins to forward a request and returns.
  ///
  /// @param secret names in lower case of header fields that go no further
  /// @throws Problem for a request that cannot be forwarded
  void forward(HttpServletRequest request, HttpServletResponse response, Set<String> secret) {
    String requestId = response.getHeader("X-Request-Id");
    Incoming incoming = Incoming.of(request);
    Pool pool = registry.pool(incoming.service());
    long key = key(pool.policy().hashOn(), incoming, request.getRemoteAddr());
    Headers.Origin origin =
        new Headers.Origin(
            request.getRemoteAddr(),
            incoming.header("Host", request.getServerName()),
            request.getScheme(),
            isTrusted(request.getRemoteAddr()));
    var headers = Headers.toInstance(incoming.headers(), origin, secret, requestId);
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    Exchange exchange = new Exchange(async, problems);
    executor.execute(
        () -> {
          try (Deadlines.Deadline deadline = deadlines.in(pool.policy().deadlineMs())) {
            Body body = new Body(request.getInputStream(), length(request), deadline);
            Upstream.Outgoing outgoing =
                new Upstream.Outgoing(incoming.method(), incoming.path(), headers, body);
            new Forwarding(pool, upstream, budget(pool))
                .run(key, outgoing, deadline, exchange::pass);
          } catch (Problem problem) {
            refuse(exchange, problem);
          } catch (CallerGone e) {
            LOG.log(Level.DEBUG, "{0}: the caller is gone", requestId);
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, requestId + ": the answer broke off", e);
          } finally {
            exchange.complete();
          }
        });
  }

  private RetryBudget budget(Pool pool) {
    return budgets.computeIfAbsent(pool.service(), _ -> new RetryBudget());
  }

  private static void refuse(Exchange exchange, Problem problem) {
    try {
      exchange.refuse(problem);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
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

  private static long length(HttpServletRequest request) {
    long declared = request.getContentLengthLong();
    if (declared >= 0) {
      return declared;
    }
    return request.getHeader("Transfer-Encoding") == null ? 0 : Body.UNKNOWN;
  }
}
