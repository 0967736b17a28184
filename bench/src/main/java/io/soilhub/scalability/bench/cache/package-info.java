/// Measures the cache beside JetCache, Redisson's local cached map, Jedis with client-side caching,
/// and beside the bare Caffeine and Jedis that all of them are built on.
/// [io.soilhub.scalability.bench.cache.CacheBenchmark] starts the stores and one JVM a system, so
/// that no system's calls are compiled for another's, asks each in turn, and writes the page. What
/// is measured is in the `*Harness` classes, the same for every system; a
/// [io.soilhub.scalability.bench.cache.CacheSubject] is all that is written for one.
package io.soilhub.scalability.bench.cache;
