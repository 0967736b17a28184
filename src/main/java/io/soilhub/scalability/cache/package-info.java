/// The cache of four levels: memory, Redis, PostgreSQL, CDN. `tiers` reads and writes through all
/// levels; `redis`, `postgres` and `cdn` are the levels outside of the process; `rest` serves the
/// cache over HTTP.
package io.soilhub.scalability.cache;
