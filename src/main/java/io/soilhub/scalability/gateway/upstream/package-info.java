/// The way of the gateway to instances: HTTP/1.1 over kept connections.
///
/// Entry points: [io.soilhub.scalability.gateway.upstream.HttpUpstream], by which the gateway
/// sends.
///
/// Invariants: no address is connected to that is not allowed, after its name was resolved; every
/// wait has a bound; a connection is used again only when the answer before was read to its end,
/// and nothing came after it.
package io.soilhub.scalability.gateway.upstream;
