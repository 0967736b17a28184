package io.soilhub.scalability.platform.outbound;

import java.net.UnknownHostException;

/// A name leads to an address that the policy refuses; nothing was connected to. The message does
/// not tell the address: whoever named the host need not learn where an inner name leads.
public final class ForbiddenAddress extends UnknownHostException {

  private static final long serialVersionUID = 1L;

  /// @param what it is, as in "a private address"
  ForbiddenAddress(String what) {
    super("an address of the host is not allowed: it is " + what);
  }
}
