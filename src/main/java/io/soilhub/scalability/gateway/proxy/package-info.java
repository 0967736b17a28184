/// The gateway: forwards HTTP requests to the instances of a service, `/gateway/{service}/{path}`.
///
/// Entry point: [io.soilhub.scalability.gateway.proxy.Gateway], which forwards a
/// [io.soilhub.scalability.gateway.proxy.ProxyRequest] and sends the response to its
/// [io.soilhub.scalability.gateway.proxy.DownstreamExchange]. The front ends are in `downstream`,
/// the connections to instances in `upstream`.
///
/// Invariants: bodies pass through without being held whole; a request is retried only when that is
/// safe, at another instance, before the first byte of the response, within the budget; every wait
/// ends by the policy's deadline; no address is connected to that is not allowed; credentials for
/// this service go no further.
package io.soilhub.scalability.gateway.proxy;
