package io.soilhub.scalability.balancing.discovery;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Private keys in the forms that clusters hand out: PKCS #8 (RFC 5958), and the older ones of RSA
/// (RFC 8017, A.1.2) and of elliptic curves (RFC 5915). Those lack the name of the algorithm, which
/// the certificate has; put together they are PKCS #8.
final class PemKey {

  private static final Pattern FORM =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE"
              + " KEY-----");
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;

  private PemKey() {}

  /// @param counterpart public key in the certificate
  /// @throws GeneralSecurityException when there is no such key, or it is encrypted
  static PrivateKey of(String pem, PublicKey counterpart) throws GeneralSecurityException {
    Matcher found = FORM.matcher(pem);
    if (!found.find()) {
      throw new InvalidKeyException("there is no private key in PEM that is not encrypted");
    }
    byte[] key = Base64.getMimeDecoder().decode(found.group(2));
    byte[] pkcs8 = found.group(1).isEmpty() ? key : named(key, counterpart.getEncoded());
    return KeyFactory.getInstance(counterpart.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] named(byte[] key, byte[] counterpart) {
    int begin = content(counterpart, 0);
    int end = content(counterpart, begin) + length(counterpart, begin);
    byte[] algorithm = Arrays.copyOfRange(counterpart, begin, end);
    byte[] version = der(INTEGER, new byte[] {0});
    return der(SEQUENCE, version, algorithm, der(OCTETS, key));
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 128) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 128 ? 0 : first - 128);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    int length = first < 128 ? first : 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xFF);
    }
    return length;
  }
}
