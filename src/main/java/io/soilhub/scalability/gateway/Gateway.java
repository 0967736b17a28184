package io.soilhub.scalability.gateway;

import io.soilhub.scalability.balancing.AllowedAddresses;
import io.soilhub.scalability.balancing.Registry;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.strategies.Mixing;
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

  private final Registry registry;
  private final Upstream upstream;
  private final Deadlines deadlines;
  private final AllowedAddresses trustedProxies;
  private final long maxBody;
  private final Executor executor;
  private final Account.Book accounts;

  /// @param trustedProxies peers whose Forwarded and X-Forwarded-* are believed
  /// @param maxBody bytes that the body of a request may have
  /// @param executor threads for requests that are sent twice, for instance virtual ones
  Gateway(
      Registry registry,
      Upstream upstream,
      Deadlines deadlines,
      AllowedAddresses trustedProxies,
      long maxBody,
      Executor executor,
      Account.Book accounts) {
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
  public void forward(Caller caller) {
    Exchange exchange = new Exchange(caller);
    try {
      Incoming incoming = Incoming.of(caller);
      Pool pool = registry.pool(incoming.service());
      run(caller, incoming, pool, exchange).ifPresent(problem -> breakOff(exchange, problem));
    } catch (Problem problem) {
      breakOff(exchange, problem);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be forwarded", e);
      breakOff(exchange, Problem.internal());
    }
  }

  private void breakOff(Exchange exchange, Problem problem) {
    try (Deadlines.Limit end = deadlines.in(GRACE_MS).watch()) {
      end.onCut(exchange::cut);
      exchange.breakOff(problem);
    }
  }

  /// @return why there is no whole answer
  private Optional<Problem> run(Caller caller, Incoming incoming, Pool pool, Exchange exchange) {
    Account account = accounts.of(pool.service());
    Deadlines.Deadline deadline = deadlines.in(pool.policy().deadlineMs(), caller::isGone);
    int patience = pool.policy().tryTimeoutMs();
    Forwarded forwarded = forwarded(caller, incoming);
    try (Deadlines.Limit end = deadlines.in(pool.policy().deadlineMs() + GRACE_MS).watch()) {
      end.onCut(caller::cut);
      new Forwarding(pool, upstream, account, executor)
          .run(
              key(pool.policy().hashOn(), incoming, forwarded.caller()),
              outgoing(caller, incoming, forwarded, deadline),
              deadline,
              (answer, attempt) -> exchange.pass(answer, attempt, deadline, patience));
      return Optional.empty();
    } catch (Problem problem) {
      return Optional.of(problem);
    } catch (CallerGone _) {
      if (deadline.isAbandoned()) {
        caller.cut();
        return Optional.empty();
      }
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

  private Forwarded forwarded(Caller caller, Incoming incoming) {
    return Forwarded.of(
        incoming.headers(),
        new Forwarded.Origin(
            caller.peer(), caller.host(), caller.scheme(), trustedProxies::allows));
  }

  private Upstream.Outgoing outgoing(
      Caller caller, Incoming incoming, Forwarded forwarded, Deadlines.Deadline deadline)
      throws CallerGone {
    boolean unpacked = caller.unpacks() && incoming.isUnpackable();
    List<Field> sent = unpacked ? Headers.unpacked(incoming.headers()) : incoming.headers();
    long length = unpacked && incoming.length() > 0 ? Body.UNKNOWN : incoming.length();
    if (length > maxBody) {
      throw Body.tooLarge(maxBody);
    }
    return new Upstream.Outgoing(
        incoming.method(),
        incoming.path(),
        Headers.toInstance(sent, forwarded, caller.secret(), caller.requestId()),
        new Body(body(caller), length, maxBody, deadline));
  }

  private static InputStream body(Caller caller) throws CallerGone {
    try {
      return caller.body();
    } catch (IOException e) {
      throw new CallerGone(e);
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
}
