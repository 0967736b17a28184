package io.soilhub.scalability.balancing.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// A key with a certificate for localhost and api.example that nobody else vouches for, made anew.
public record TestKeys(KeyStore store) {

  private static final String PASSWORD = "secret";

  /// @param algorithm EC or RSA
  public static TestKeys make(Path folder, String algorithm) throws Exception {
    Path file = Files.createTempDirectory(folder, "keys").resolve("store.p12");
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/keytool");
    command.addAll(List.of("-genkeypair", "-alias", "api", "-keyalg", algorithm));
    command.addAll(List.of("-dname", "CN=localhost", "-ext", "SAN=dns:localhost,dns:api.example"));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TestKeys(store);
  }

  public Certificate certificate() throws GeneralSecurityException {
    return store.getCertificate("api");
  }

  /// In PEM.
  String certificateText() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate().getEncoded());
  }

  /// In PEM of PKCS #8.
  String keyText() throws GeneralSecurityException {
    return pem("PRIVATE KEY", key().getEncoded());
  }

  /// In PEM of the older form of its algorithm, which is what PKCS #8 holds after its algorithm.
  String oldKeyText() throws GeneralSecurityException {
    byte[] pkcs8 = key().getEncoded();
    int at = skipHeader(pkcs8, 0) + 3;
    at = skipHeader(pkcs8, at) + (pkcs8[at + 1] & 0xFF);
    byte[] inner = java.util.Arrays.copyOfRange(pkcs8, skipHeader(pkcs8, at), pkcs8.length);
    return pem(key().getAlgorithm() + " PRIVATE KEY", inner);
  }

  /// Of a server that shows this certificate, and of one that asks for that of a client.
  public SSLContext server(TestKeys... trusted) throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    for (TestKeys each : trusted) {
      authorities.setCertificateEntry("client", each.certificate());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    TrustManager[] clients = trusted.length == 0 ? null : trust.getTrustManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), clients, null);
    return context;
  }

  private Key key() throws GeneralSecurityException {
    return store.getKey("api", PASSWORD.toCharArray());
  }

  private static int skipHeader(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 128 ? 0 : first - 128);
  }

  private static String pem(String name, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(name, text);
  }
}
