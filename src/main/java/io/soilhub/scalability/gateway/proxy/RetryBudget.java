package io.soilhub.scalability.gateway.proxy;

/// Bounds retries to a share of the requests, so that a service in trouble is not overloaded by
/// them: each request adds its share, each retry takes one (as in Finagle). A few are there from
/// the start, for services with little traffic.
final class RetryBudget {

  private static final double MOST = 100;
  private static final double INITIAL = 10;

  private double balance = INITIAL;

  synchronized void request(double share) {
    balance = Math.min(MOST, balance + share);
  }

  /// Takes one retry; false when there is none.
  synchronized boolean spend() {
    if (balance < 1) {
      return false;
    }
    balance -= 1;
    return true;
  }

  /// Returns a retry that was not made.
  synchronized void giveBack() {
    balance = Math.min(MOST, balance + 1);
  }
}
