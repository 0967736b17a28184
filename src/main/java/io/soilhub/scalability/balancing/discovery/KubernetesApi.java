package io.soilhub.scalability.balancing.discovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Where the Kubernetes API is, whom to trust there, and as whom to ask.
///
/// @param server without a slash at its end
/// @param authority certificates to trust and no others, in PEM; empty for the usual ones
/// @param certificate to show there, with those above it, in PEM; empty for none
/// @param key private key of the certificate, in PEM
record KubernetesApi(URI server, Token token, String authority, String certificate, String key) {

  /// What requests carry as their bearer token; asked for each, because Kubernetes renews it.
  @FunctionalInterface
  interface Token {

    Token NONE = Optional::empty;

    Optional<String> read() throws IOException;

    /// The content of a file; none while there is no file.
    static Token of(Path file) {
      return () ->
          Files.isReadable(file)
              ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
              : Optional.empty();
    }
  }

  /// Of the keystores here, which never leave the memory.
  private static final char[] PASSWORD = "memory".toCharArray();

  /// One that is asked without credentials.
  static KubernetesApi at(URI server) {
    return new KubernetesApi(server, Token.NONE, "", "", "");
  }

  /// @throws GeneralSecurityException for certificates or a key that cannot be used
  SSLContext context() throws GeneralSecurityException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate.isEmpty() ? null : identity().getKeyManagers(),
          authority.isEmpty() ? null : trust().getTrustManagers(),
          null);
      return context;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (Certificate each : certificates(authority)) {
      store.setCertificateEntry("ca-" + store.size(), each);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private KeyManagerFactory identity() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    Certificate[] chain = certificates(certificate);
    store.setKeyEntry("client", PemKey.of(key, chain[0].getPublicKey()), PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    return keys;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate[] certificates(String pem) throws CertificateException {
    Certificate[] all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
            .toArray(Certificate[]::new);
    if (all.length == 0) {
      throw new CertificateException("there are no certificates in PEM");
    }
    return all;
  }

  /// Without what must not come into a log.
  @Override
  public String toString() {
    return "KubernetesApi[" + server + "]";
  }
}
