/// The front ends of the gateway: a servlet at the server's own port, for everybody, and a listener
/// at a port of its own, for much traffic, where a request costs less than half.
///
/// Entry points: [io.soilhub.scalability.gateway.downstream.GatewayServlet],
/// [io.soilhub.scalability.gateway.downstream.GatewayListener].
///
/// Invariants: both admit, refuse, measure and answer the same request alike; whatever two parsers
/// could read differently is refused, and the connection ends there.
package io.soilhub.scalability.gateway.downstream;
