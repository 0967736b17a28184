package io.soilhub.scalability.platform.core;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Optional;

/// Addresses that e-mail is sent from and to.
public final class EmailAddress {

  private EmailAddress() {}

  /// One address of the form `name@domain`, without a display name.
  public static Optional<InternetAddress> of(String text) {
    try {
      InternetAddress address = new InternetAddress(text, true);
      boolean plain = text.equals(address.getAddress()) && text.matches("[^\\s@]+@[^\\s@]+");
      return plain ? Optional.of(address) : Optional.empty();
    } catch (AddressException _) {
      return Optional.empty();
    }
  }
}
