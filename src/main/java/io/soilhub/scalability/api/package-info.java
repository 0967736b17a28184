/// The HTTP surface that all features share: the JAX-RS application, problem answers (RFC 9457),
/// request ids, repeatable requests, the overview pages and the document of the API.
///
/// Entry points: `RequestContextFilter` sees every request first; `IdempotencyFilter` stands before
/// each resource that creates; `ProblemMapper` answers whatever is thrown.
///
/// Invariants: no other package imports this one; no answer names a class, a statement or a host;
/// an error of any kind is a problem with the request's id.
package io.soilhub.scalability.api;
