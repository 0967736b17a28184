/// Measures what a recording costs, and how true the quantiles are, beside Micrometer and
/// HdrHistogram; what a day takes in memory, how long an alert is under way, and what the whole
/// monitor costs the service.
package io.soilhub.scalability.bench.monitor;
