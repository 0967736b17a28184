/// Measures what a recording costs, and how true the quantiles are, beside Micrometer and
/// HdrHistogram.
package io.soilhub.scalability.bench.monitor;
