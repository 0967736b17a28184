/// Sends the gateway's requests to instances: HTTP/1.1 over kept connections.
///
/// Entry point: [io.soilhub.scalability.gateway.upstream.HttpUpstream].
///
/// Invariants: no address is connected to that is not allowed, after its name was resolved; every
/// wait has a bound; a connection is used again only when the response before was read to its end,
/// and nothing came after it.
package io.soilhub.scalability.gateway.upstream;
