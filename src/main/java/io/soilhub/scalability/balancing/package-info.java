/// The fleet of service instances and the choice among them. `registry` keeps the instances in
/// PostgreSQL and serves their REST API; `fleet` holds what one replica knows of each instance and
/// chooses one for a request; `strategies` has the algorithms of the choice; `healthcheck` probes
/// instances; `discovery` finds them in Kubernetes.
package io.soilhub.scalability.balancing;
