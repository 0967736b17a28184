package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The state of each service that has instances.
final class ServiceStates {

  private final Ticker ticker;
  private final Map<String, ServiceState> states = new ConcurrentHashMap<>();

  ServiceStates(Ticker ticker) {
    this.ticker = ticker;
  }

  ServiceState of(String service) {
    ServiceState state = states.get(service);
    return state != null ? state : states.computeIfAbsent(service, _ -> new ServiceState(ticker));
  }

  /// Drops the states of the other services. Called now and then.
  void retain(Predicate<String> exists) {
    states.keySet().removeIf(service -> !exists.test(service));
  }

  int size() {
    return states.size();
  }
}
