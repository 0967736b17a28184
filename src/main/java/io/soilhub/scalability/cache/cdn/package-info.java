/// The cache's fourth level: the CDN in front of the service. Headers that let it keep an answer
/// and find it again by tag, and purges that reach it whatever fails on the way.
///
/// Entry points: [io.soilhub.scalability.cache.cdn.CacheableByCdn] on a resource method and
/// [io.soilhub.scalability.cache.cdn.SurrogateKeys] in it;
/// [io.soilhub.scalability.cache.cdn.Purges] for whoever changes what was answered. Without CDN_URL
/// answers still revalidate by their ETag, and a purge is nothing to do.
///
/// Invariants: no answer leaves without a Cache-Control, and only one that carries all its tags is
/// public; a purge is a row in PostgreSQL until the CDN has confirmed it, in the transaction of the
/// change where the caller wants it; all replicas together keep the CDN's rate.
package io.soilhub.scalability.cache.cdn;
