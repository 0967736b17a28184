package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.Access.Role;

/// Who sends a request.
///
/// @param name `key:<id>`, `jwt:<subject>`, or `anonymous`
record Caller(String name, Role role) {

  static final Caller ANONYMOUS = new Caller("anonymous", Role.ADMIN);
}
