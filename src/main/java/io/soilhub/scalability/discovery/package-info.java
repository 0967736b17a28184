/// Instances from Kubernetes: follows the EndpointSlices of some services.
///
/// Entry points: [io.soilhub.scalability.discovery.SliceWatch], an
/// [io.soilhub.scalability.balancing.InstanceSource].
///
/// Invariants: with the API server away the instances stay as they were last seen; a watch that is
/// too old or silent is begun anew from a list; the token is read again for each request, because
/// Kubernetes renews it.
package io.soilhub.scalability.discovery;
