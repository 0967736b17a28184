/// The one way to other services: to which addresses it may go, and how it comes there.
///
/// Entry points: [io.soilhub.scalability.platform.outbound.OutboundClient] for calls over HTTP;
/// [io.soilhub.scalability.platform.outbound.DnsCache] and
/// [io.soilhub.scalability.platform.outbound.HappyEyeballs] for what brings a protocol or
/// connections of its own; [io.soilhub.scalability.platform.outbound.AddressPolicy], which both
/// ask.
///
/// Invariants: no address is connected to that the policy has not seen; a name is not resolved
/// again between check and connect; every look-up, connect and answer has a bound in time, every
/// answer one in size.
package io.soilhub.scalability.platform.outbound;
