/// What the service says about itself. `exposition` writes metrics for Prometheus, `reports`
/// answers the performance API, `anomalies` learns what is usual for a series, `alerts` decides
/// when someone is told.
package io.soilhub.scalability.monitoring;
