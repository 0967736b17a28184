package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.platform.core.Hashing;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/// Forwards the requests of clients to instances, whichever front end received them.
public final class Gateway {

  private static final Logger LOG = System.getLogger(Gateway.class.getName());

  /// Time for the client to take the end of a response, or a problem in its place.
  private static final int GRACE_MS = 5_000;

  private final Function<String, Pool> pools;
  private final Upstream upstream;
  private final Deadlines deadlines;
  private final Predicate<InetAddress> trustedProxies;
  private final long maxBody;
  private final Executor executor;
  private final ServiceStates states;

  /// @param pools the pool of a service; throws a [Problem] when there is none
  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param maxBody bytes that the body of a request may have
  /// @param executor threads for requests that are hedged, for instance virtual ones
  Gateway(
      Function<String, Pool> pools,
      Upstream upstream,
      Deadlines deadlines,
      Predicate<InetAddress> trustedProxies,
      long maxBody,
      Executor executor,
      ServiceStates states) {
    this.pools = pools;
    this.upstream = upstream;
    this.deadlines = deadlines;
    this.trustedProxies = trustedProxies;
    this.maxBody = maxBody;
    this.executor = executor;
    this.states = states;
  }

  /// Forwards a request, and returns when its client has a response or a problem. It blocks until
  /// the deadline of the service's policy at most, unless the client's side itself blocks, so it
  /// should be called on a thread that costs little.
  public void forward(ProxyRequest request, DownstreamExchange downstream) {
    try {
      exchange(request, downstream, pools.apply(request.service()));
    } catch (Problem problem) {
      fail(downstream, problem);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be forwarded", e);
      fail(downstream, Problem.internal());
    }
  }

  /// Ends an exchange that has no whole response. The client's connection is cut when the client
  /// does not take the problem in time.
  public void fail(DownstreamExchange downstream, Problem problem) {
    try (Deadlines.Limit end = deadlines.in(GRACE_MS).watch()) {
      end.onCut(downstream::cut);
      downstream.fail(problem);
    }
  }

  /// @throws Problem that says why there is no whole response
  private void exchange(ProxyRequest request, DownstreamExchange downstream, Pool pool) {
    Policy policy = pool.policy();
    ServiceState state = states.of(pool.service());
    Deadlines.Deadline deadline = deadlines.in(policy.deadlineMs(), downstream::isGone);
    ForwardedHeaders forwarded =
        ForwardedHeaders.of(request.headers(), request.origin(), trustedProxies);
    try (Deadlines.Limit end = deadlines.in(policy.deadlineMs() + GRACE_MS).watch()) {
      end.onCut(downstream::cut);
      Upstream.Request sent = upstreamRequest(request, forwarded, downstream, deadline);
      long key = key(policy.hashOn(), request, sent, forwarded.client());
      try (UpstreamAttempt attempt =
          new RetryingForwarder(upstream, executor, pool, state, sent, deadline).send(key)) {
        new ResponseRelay(attempt, downstream, deadline, policy.tryTimeoutMs())
            .relay(sent.method());
      }
    } catch (Problem problem) {
      throw problem;
    } catch (ClientDisconnected _) {
      if (!deadline.isAbandoned()) {
        throw new Problem(
            Problem.Kind.MALFORMED, "malformed-body", "The body cannot be read to its end.");
      }
      downstream.cut();
    } catch (DeadlineExceeded _) {
      throw new Problem(
          Problem.Kind.GATEWAY_TIMEOUT, "instance-late", "The answer was not done in time.");
    } catch (IOException | RuntimeException e) {
      state
          .line("%s: the response broke off: %s".formatted(pool.service(), e))
          .ifPresent(line -> LOG.log(Level.WARNING, line));
      throw new Problem(
          Problem.Kind.BAD_GATEWAY, "instance-failed", "The instance's answer broke off.");
    }
  }

  private Upstream.Request upstreamRequest(
      ProxyRequest request,
      ForwardedHeaders forwarded,
      DownstreamExchange downstream,
      Deadlines.Deadline deadline)
      throws ClientDisconnected {
    boolean decoded = request.isDecoded();
    List<Field> sent = decoded ? Headers.decoded(request.headers()) : request.headers();
    long length = request.length();
    if (decoded && length > 0) {
      length = Body.UNKNOWN;
    }
    if (length > maxBody) {
      throw Body.tooLarge(maxBody);
    }
    return new Upstream.Request(
        request.method(),
        request.target(),
        Headers.toInstance(sent, forwarded, request.credentials(), request.id()),
        new Body(body(downstream), length, maxBody, deadline));
  }

  private static InputStream body(DownstreamExchange downstream) throws ClientDisconnected {
    try {
      return downstream.body();
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }

  /// @param client stands for clients that do not send the header
  private static long key(
      String hashOn, ProxyRequest request, Upstream.Request sent, String client) {
    return Hashing.hash(
        switch (hashOn) {
          case "client_ip" -> client;
          case "path" -> sent.path();
          default -> request.header(hashOn, client);
        });
  }
}
