package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.http.RequiresRole.Role;

/// Who sends a request.
///
/// @param name `key:<id>`, `jwt:<subject>`, or `anonymous`
record CallerIdentity(String name, Role role) {

  static final CallerIdentity ANONYMOUS = new CallerIdentity("anonymous", Role.ADMIN);
}
