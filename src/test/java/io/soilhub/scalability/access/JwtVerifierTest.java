package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtVerifierTest {

  private static final String ISSUER = "https://issuer.example";
  private static final KeyPair RSA = pair("RSA");
  private static final KeyPair OTHER = pair("RSA");
  private static final KeyPair EC = pair("EC");

  @TempDir private Path folder;

  @Test
  void readsNameAndGroupsOfAValidToken() throws Exception {
    assertThat(jwtVerifier(RSA).bearer(token("RS256", RSA.getPrivate(), c -> {})))
        .contains(new JwtVerifier.Bearer("anna", Set.of("viewer", "crops")));
  }

  @Test
  void readsElliptic() throws Exception {
    assertThat(jwtVerifier(EC).bearer(token("ES256", EC.getPrivate(), c -> {}))).isPresent();
  }

  @Test
  void prefersTheUserPrincipalName() throws Exception {
    String token =
        token("RS256", RSA.getPrivate(), c -> c.setStringClaim("upn", "anna@farm.example"));
    assertThat(jwtVerifier(RSA).bearer(token).map(JwtVerifier.Bearer::name))
        .contains("anna@farm.example");
  }

  @Test
  void takesAKeySetFromAFile() throws Exception {
    PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(RSA.getPublic());
    Path file = folder.resolve("keys.json");
    Files.writeString(file, new JsonWebKeySet(List.of(key)).toJson());
    JwtVerifier jwtVerifier = JwtVerifier.of(file.toString(), ISSUER, List.of());
    assertThat(jwtVerifier.bearer(token("RS256", RSA.getPrivate(), c -> {}))).isPresent();
  }

  @Test
  void takesAKeySetFromItsUrlButNotFromWhereThatRedirectsTo() throws Exception {
    PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(RSA.getPublic());
    byte[] keys = new JsonWebKeySet(List.of(key)).toJson().getBytes(StandardCharsets.UTF_8);
    HttpServer issuer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/",
        exchange -> {
          boolean moved = exchange.getRequestURI().getPath().equals("/moved");
          exchange.getResponseHeaders().set("Location", "/keys");
          exchange.sendResponseHeaders(moved ? 302 : 200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
    try {
      String url = "http://localhost:" + issuer.getAddress().getPort();
      String token = token("RS256", RSA.getPrivate(), c -> {});
      assertThat(JwtVerifier.of(url + "/keys", ISSUER, List.of()).bearer(token)).isPresent();
      assertRefused(JwtVerifier.of(url + "/moved", ISSUER, List.of()), token);
    } finally {
      issuer.stop(0);
    }
  }

  @Test
  void refusesWhatTheIssuerDidNotSignOrMean() throws Exception {
    JwtVerifier jwtVerifier = jwtVerifier(RSA);
    Key secret = new HmacKey(RSA.getPublic().getEncoded());
    assertRefused(jwtVerifier, token("RS256", OTHER.getPrivate(), c -> {}));
    assertRefused(jwtVerifier, token("HS256", secret, c -> {}));
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.setIssuer("https://x")));
    assertRefused(
        jwtVerifier,
        token("RS256", RSA.getPrivate(), c -> c.setExpirationTimeMinutesInTheFuture(-2)));
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.unsetClaim("exp")));
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.unsetClaim("sub")));
    assertRefused(
        jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.setStringClaim("groups", "admin")));
    for (List<?> groups : List.of(Arrays.asList("viewer", null), List.of(1), List.of(List.of()))) {
      assertRefused(
          jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.setClaim("groups", groups)));
    }
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.setClaim("upn", List.of())));
    assertRefused(jwtVerifier, "a.b.c");
    assertRefused(jwtVerifier, "");
  }

  @Test
  void aTokenIsForOneOfTheAudiences() throws Exception {
    JwtVerifier jwtVerifier = jwtVerifier(RSA, "soilhub", "https://soilhub.example");
    assertThat(jwtVerifier.bearer(audience("soilhub"))).isPresent();
    assertThat(jwtVerifier.bearer(audience("other", "https://soilhub.example"))).isPresent();
    assertRefused(jwtVerifier, audience("other"));
    assertRefused(jwtVerifier, audience("other", "SOILHUB"));
    assertRefused(jwtVerifier, audience());
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> c.setClaim("aud", 7)));
    assertRefused(jwtVerifier, token("RS256", RSA.getPrivate(), c -> {}));
  }

  @Test
  void withoutAudiencesAnyIsAccepted() throws Exception {
    assertThat(jwtVerifier(RSA).bearer(audience("other"))).isPresent();
  }

  @Test
  void refusesAnUnsignedToken() throws Exception {
    String[] parts = token("RS256", RSA.getPrivate(), c -> {}).split("\\.");
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertRefused(jwtVerifier(RSA), header + "." + parts[1] + ".");
  }

  @Test
  void aTokenWithoutGroupsHasNone() throws Exception {
    String token = token("RS256", RSA.getPrivate(), c -> c.unsetClaim("groups"));
    assertThat(jwtVerifier(RSA).bearer(token)).contains(new JwtVerifier.Bearer("anna", Set.of()));
  }

  private static void assertRefused(JwtVerifier jwtVerifier, String token) {
    assertThat(jwtVerifier.bearer(token)).isEqualTo(Optional.empty());
  }

  private static String audience(String... audiences) throws JoseException {
    return token("RS256", RSA.getPrivate(), c -> c.setAudience(audiences));
  }

  private JwtVerifier jwtVerifier(KeyPair pair, String... audiences) throws IOException {
    Path file = folder.resolve("key.pem");
    String base64 = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
    Files.writeString(
        file, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n".formatted(base64));
    return JwtVerifier.of(file.toString(), ISSUER, List.of(audiences));
  }

  private static String token(String algorithm, Key key, Consumer<JwtClaims> change)
      throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(ISSUER);
    claims.setSubject("anna");
    claims.setStringListClaim("groups", "viewer", "crops");
    claims.setExpirationTimeMinutesInTheFuture(10);
    change.accept(claims);
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key);
    signature.setAlgorithmHeaderValue(algorithm);
    return signature.getCompactSerialization();
  }

  private static KeyPair pair(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
