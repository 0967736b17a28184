/// Who calls and what they may do: API keys, tokens and roles.
///
/// Entry points: `AccessFilter` stands before every resource; `ApiKeysResource` is for
/// administrators; features name the role that a call takes with
/// [io.soilhub.scalability.platform.http.RequiresRole].
///
/// Invariants: a secret is shown once and stored as a hash only; it is compared in constant time;
/// without a configured way to authenticate only this machine is answered.
package io.soilhub.scalability.access;
