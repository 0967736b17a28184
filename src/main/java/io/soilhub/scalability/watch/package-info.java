/// Looks at every operation of the cluster for what is unusual at this hour of this weekday.
///
/// Entry point: [io.soilhub.scalability.watch.AnomalyWatch].
package io.soilhub.scalability.watch;
