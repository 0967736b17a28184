package io.soilhub.scalability.platform.outbound;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Predicate;

/// Which addresses may be connected to, after a name was resolved.
@FunctionalInterface
public interface AddressPolicy {

  /// For targets that whoever runs the service has named.
  AddressPolicy ANY = _ -> Optional.empty();

  /// Everything but what serves a machine's own secrets: link-local addresses and the clouds'
  /// metadata, nor multicast.
  AddressPolicy NO_METADATA = SpecialAddresses::never;

  /// For targets that callers name: public addresses that are none of this machine's own, so that
  /// nobody reaches through this service what is closed to him (OWASP, "Server-Side Request Forgery
  /// Prevention").
  AddressPolicy PUBLIC = publicOnly(AddressPolicy::isOfThisMachine);

  /// What the address is, as in "a private address", when it must not be connected to.
  Optional<String> refusal(InetAddress address);

  /// @param own whether an address is one of this machine's
  static AddressPolicy publicOnly(Predicate<InetAddress> own) {
    return new AddressPolicy() {
      @Override
      public Optional<String> refusal(InetAddress address) {
        return SpecialAddresses.notPublic(address).or(() -> ofThisMachine(address));
      }

      private Optional<String> ofThisMachine(InetAddress address) {
        return own.test(address)
            ? Optional.of("an address of this machine")
            : SpecialAddresses.translated(address, this::ofThisMachine);
      }
    };
  }

  /// Asked anew each time, because interfaces come and go. When it cannot be told, it may be.
  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException _) {
      return true;
    }
  }
}
