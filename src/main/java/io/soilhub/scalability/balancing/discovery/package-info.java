/// Instances from Kubernetes: follows the EndpointSlices of some services.
///
/// Entry points: [io.soilhub.scalability.balancing.discovery.EndpointSliceWatcher], an
/// [io.soilhub.scalability.balancing.registry.InstanceSource].
///
/// Invariants: with the API server away the instances stay as they were last seen; a watch that is
/// too old or silent is begun anew from a list; the token is read again for each request, because
/// Kubernetes renews it.
package io.soilhub.scalability.balancing.discovery;
