/// The ways into the gateway: a servlet at the server's own port, for everybody, and a listener at
/// a port of its own, for much traffic, where a request costs less than half.
///
/// Entry points: [io.soilhub.scalability.gateway.downstream.GatewayServlet],
/// [io.soilhub.scalability.gateway.downstream.GatewayListener].
///
/// Invariants: the same request is let in, refused, measured and answered alike by both; whatever
/// two parsers could read differently is refused, and the connection ends there.
package io.soilhub.scalability.gateway.downstream;
