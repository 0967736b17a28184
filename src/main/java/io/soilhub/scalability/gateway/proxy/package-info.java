/// The gateway: forwards HTTP requests to the instances of a service, `/gateway/{service}/{path}`.
///
/// Entry points: [io.soilhub.scalability.gateway.proxy.Gateway], which gets a
/// [io.soilhub.scalability.gateway.proxy.DownstreamExchange] answered. The ways in are in
/// `frontends`, the way out is in `upstream`.
///
/// Invariants: bodies pass through without being held whole; a request is repeated only when that
/// is safe, at another instance, before the answer's first byte, within the budget; every wait ends
/// by the policy's deadline; no address is connected to that is not allowed; credentials that were
/// presented to us go no further.
package io.soilhub.scalability.gateway.proxy;
