/// Passes requests on to service instances. `downstream` faces the callers (the server's port and
/// the gateway's own port), `proxy` forwards with deadlines, retries and hedging, `upstream` holds
/// the connections to the instances.
package io.soilhub.scalability.gateway;
