package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.balancing.registry.InstanceRegistry;
import io.soilhub.scalability.platform.core.Hashing;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Gets the requests of callers answered by instances, whichever way they came in.
public final class Gateway {

  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  /// For the end of an answer, or a problem in its place, to be taken by the caller.
  private static final int GRACE_MS = 5_000;

  private final InstanceRegistry registry;
  private final Upstream upstream;
  private final Deadlines deadlines;
  private final AllowedAddresses trustedProxies;
  private final long maxBody;
  private final Executor executor;
  private final ServiceState.Book accounts;

  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param maxBody bytes that the body of a request may have
  /// @param executor threads for requests that are sent twice, for instance virtual ones
  Gateway(
      InstanceRegistry registry,
      Upstream upstream,
      Deadlines deadlines,
      AllowedAddresses trustedProxies,
      long maxBody,
      Executor executor,
      ServiceState.Book accounts) {
    this.registry = registry;
    this.upstream = upstream;
    this.deadlines = deadlines;
    this.trustedProxies = trustedProxies;
    this.maxBody = maxBody;
    this.executor = executor;
    this.accounts = accounts;
  }

  /// Forwards a request, and returns when its caller has been answered, with a problem if need be.
  /// It blocks for as long as the deadline of the service's policy at most, unless the caller's
  /// side itself blocks: so it wants a thread that costs little.
  public void forward(DownstreamExchange downstreamExchange) {
    ResponseRelay responseRelay = new ResponseRelay(downstreamExchange);
    try {
      ProxyRequest proxyRequest = ProxyRequest.of(downstreamExchange);
      Pool pool = registry.pool(proxyRequest.service());
      run(downstreamExchange, proxyRequest, pool, responseRelay)
          .ifPresent(problem -> breakOff(responseRelay, problem));
    } catch (Problem problem) {
      breakOff(responseRelay, problem);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be forwarded", e);
      breakOff(responseRelay, Problem.internal());
    }
  }

  private void breakOff(ResponseRelay responseRelay, Problem problem) {
    try (Deadlines.Limit end = deadlines.in(GRACE_MS).watch()) {
      end.onCut(responseRelay::cut);
      responseRelay.breakOff(problem);
    }
  }

  /// @return why there is no whole answer
  private Optional<Problem> run(
      DownstreamExchange downstreamExchange,
      ProxyRequest proxyRequest,
      Pool pool,
      ResponseRelay responseRelay) {
    ServiceState serviceState = accounts.of(pool.service());
    Deadlines.Deadline deadline =
        deadlines.in(pool.policy().deadlineMs(), downstreamExchange::isGone);
    int patience = pool.policy().tryTimeoutMs();
    ForwardedHeaders forwarded = forwarded(downstreamExchange, proxyRequest);
    try (Deadlines.Limit end = deadlines.in(pool.policy().deadlineMs() + GRACE_MS).watch()) {
      end.onCut(downstreamExchange::cut);
      new RetryingForwarder(pool, upstream, serviceState, executor)
          .run(
              key(pool.policy().hashOn(), proxyRequest, forwarded.caller()),
              outgoing(downstreamExchange, proxyRequest, forwarded, deadline),
              deadline,
              (answer, trackedRequest) ->
                  responseRelay.pass(answer, trackedRequest, deadline, patience));
      return Optional.empty();
    } catch (Problem problem) {
      return Optional.of(problem);
    } catch (ClientDisconnected _) {
      if (deadline.isAbandoned()) {
        downstreamExchange.cut();
        return Optional.empty();
      }
      return Optional.of(
          new Problem(
              Problem.Kind.MALFORMED, "malformed-body", "The body cannot be read to its end."));
    } catch (DeadlineExceeded _) {
      return Optional.of(
          new Problem(
              Problem.Kind.GATEWAY_TIMEOUT, "instance-late", "The answer was not done in time."));
    } catch (IOException | RuntimeException e) {
      serviceState
          .line("%s: the answer broke off: %s".formatted(pool.service(), e))
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      return Optional.of(
          new Problem(
              Problem.Kind.BAD_GATEWAY, "instance-failed", "The instance's answer broke off."));
    }
  }

  private ForwardedHeaders forwarded(
      DownstreamExchange downstreamExchange, ProxyRequest proxyRequest) {
    return ForwardedHeaders.of(
        proxyRequest.headers(),
        new ForwardedHeaders.Origin(
            downstreamExchange.peer(),
            downstreamExchange.host(),
            downstreamExchange.scheme(),
            trustedProxies::allows));
  }

  private Upstream.Outgoing outgoing(
      DownstreamExchange downstreamExchange,
      ProxyRequest proxyRequest,
      ForwardedHeaders forwarded,
      Deadlines.Deadline deadline)
      throws ClientDisconnected {
    boolean unpacked = downstreamExchange.unpacks() && proxyRequest.isUnpackable();
    List<Field> sent = unpacked ? Headers.unpacked(proxyRequest.headers()) : proxyRequest.headers();
    long length = unpacked && proxyRequest.length() > 0 ? Body.UNKNOWN : proxyRequest.length();
    if (length > maxBody) {
      throw Body.tooLarge(maxBody);
    }
    return new Upstream.Outgoing(
        proxyRequest.method(),
        proxyRequest.path(),
        Headers.toInstance(
            sent, forwarded, downstreamExchange.secret(), downstreamExchange.requestId()),
        new Body(body(downstreamExchange), length, maxBody, deadline));
  }

  private static InputStream body(DownstreamExchange downstreamExchange) throws ClientDisconnected {
    try {
      return downstreamExchange.body();
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }

  /// @param caller who stands for callers without the header
  static long key(String hashOn, ProxyRequest proxyRequest, String caller) {
    return Hashing.hash(
        switch (hashOn) {
          case "client_ip" -> caller;
          case "path" -> proxyRequest.path();
          default -> proxyRequest.header(hashOn, caller);
        });
  }
}
