package io.soilhub.scalability.gateway.proxy;

/// Bounds repeats to a share of the requests, so that a service in trouble is not buried under
/// them: each request pays in its share, each repeat takes one out (as in Finagle). A few are there
/// from the start, for services with little traffic.
final class RetryBudget {

  private static final double MOST = 100;
  private static final double INITIAL = 10;

  private double balance = INITIAL;

  synchronized void request(double share) {
    balance = Math.min(MOST, balance + share);
  }

  /// Whether one repeat may be made; it is then paid for.
  synchronized boolean spend() {
    if (balance < 1) {
      return false;
    }
    balance -= 1;
    return true;
  }

  /// A repeat that was paid for was not made.
  synchronized void giveBack() {
    balance = Math.min(MOST, balance + 1);
  }
}
