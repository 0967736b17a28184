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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Account.Book accounts;

  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param executor a thread for each request, for instance virtual ones
  Gateway(
      Registry registry,
      Upstream upstream,
      Deadlines deadlines,
      AllowedAddresses trustedProxies,
      Problem.Page problems,
      Executor executor,
      Account.Book accounts) {
    this.registry = registry;
    this.upstream = upstream;
    this.deadlines = deadlines;
    this.trustedProxies = trustedProxies;
    this.problems = problems;
    this.executor = executor;
    this.accounts = accounts;
  }

  /// Begins to forward a request and returns, or answers with a problem.
  ///
  /// @param secret names in lower case of header fields that go no further
  /// @throws Problem for a request that cannot be forwarded
  void begin(HttpServletRequest request, HttpServletResponse response, Set<String> secret) {
    String requestId = response.getHeader("X-Request-Id");
    Incoming incoming = Incoming.of(request);
    Pool pool = registry.pool(incoming.service());
    Forwarded forwarded =
        Forwarded.of(
            incoming.headers(),
            new Forwarded.Origin(
                request.getRemoteAddr(),
                incoming.header("Host", request.getServerName()),
                request.getScheme(),
                trustedProxies::allows));
    long key = key(pool.policy().hashOn(), incoming, forwarded.caller());
    List<Headers.Field> sent =
        incoming.isUnpacked() ? Headers.unpacked(incoming.headers()) : incoming.headers();
    List<Headers.Field> headers = Headers.toInstance(sent, forwarded, secret, requestId);
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    Exchange exchange = new Exchange(async, problems);
    Runnable forward =
        () -> {
          RequestId.enter(requestId);
          try {
            run(request, pool, key, incoming, headers, exchange).ifPresent(exchange::breakOff);
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
      long key,
      Incoming incoming,
      List<Headers.Field> headers,
      Exchange exchange) {
    Account account = accounts.of(pool.service());
    Deadlines.Deadline deadline = deadlines.in(pool.policy().deadlineMs());
    int patience = pool.policy().tryTimeoutMs();
    try {
      Body body = new Body(request.getInputStream(), length(request, incoming), deadline);
      Upstream.Outgoing outgoing =
          new Upstream.Outgoing(incoming.method(), incoming.path(), headers, body);
      new Forwarding(pool, upstream, account, executor)
          .run(
              key,
              outgoing,
              deadline,
              (answer, attempt) -> exchange.pass(answer, attempt, deadline, patience));
      return Optional.empty();
    } catch (Problem problem) {
      return Optional.of(problem);
    } catch (CallerGone _) {
      return Optional.of(
          new Problem(
              Problem.Kind.MALFORMED, "malformed-body", "The body cannot be read to its end."));
    } catch (TimeUp _) {
      return Optional.of(
          new Problem(
              Problem.Kind.GATEWAY_TIMEOUT, "instance-late", "The answer was not done in time."));
    } catch (IOException | RuntimeException e) {
      account
          .line("%s: the answer broke off: %s".formatted(pool.service(), e))
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      return Optional.of(
          new Problem(
              Problem.Kind.BAD_GATEWAY, "instance-failed", "The instance's answer broke off."));
    }
  }

  /// @param caller who stands for callers without the header
  static long key(String hashOn, Incoming incoming, String caller) {
    return Mixing.hash(
        switch (hashOn) {
          case "client_ip" -> caller;
          case "path" -> incoming.path();
          default -> incoming.header(hashOn, caller);
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
