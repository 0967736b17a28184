package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;

/// Bearer tokens by the rules of MicroProfile JWT 2.1: signed with RS256 or ES256 by the configured
/// issuer, not expired, for one of the configured audiences, with `upn`, `preferred_username` or
/// `sub` as the name and `groups` as the roles.
///
/// Verified here and not by the server: its own module answers for itself, and a token that it does
/// not like would get no problem document.
final class JwtVerifier {

  /// Who a token speaks for.
  record Bearer(String name, Set<String> groups) {}

  private static final int SKEW_SECONDS = 30;

  private final JwtConsumer consumer;

  private JwtVerifier(VerificationKeyResolver keys, String issuer, List<String> audiences) {
    JwtConsumerBuilder builder =
        new JwtConsumerBuilder()
            .setVerificationKeyResolver(keys)
            .setExpectedIssuer(issuer)
            .setRequireExpirationTime()
            .setRequireSubject()
            .setAllowedClockSkewInSeconds(SKEW_SECONDS)
            .setJwsAlgorithmConstraints(
                ConstraintType.PERMIT,
                AlgorithmIdentifiers.RSA_USING_SHA256,
                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    this.consumer =
        (audiences.isEmpty()
                ? builder.setSkipDefaultAudienceValidation()
                : builder.setExpectedAudience(audiences.toArray(String[]::new)))
            .build();
  }

  /// @param location of the issuer's public keys: the path of a PEM or JWKS file, which is read
  ///   now, or the http(s) URL of a JWKS, which is read when a token comes and again when it has a
  ///   new key
  /// @param audiences of which a token's `aud` must name one; none for any audience
  /// @throws Settings.InvalidSetting when a file holds no public key
  static JwtVerifier of(String location, String issuer, List<String> audiences) {
    return new JwtVerifier(keys(location), issuer, audiences);
  }

  /// Empty for anything but a valid token.
  Optional<Bearer> bearer(String token) {
    try {
      JwtClaims claims = consumer.processToClaims(token);
      String name =
          Optional.ofNullable(claims.getStringClaimValue("upn"))
              .or(() -> Optional.ofNullable(claims.getClaimValueAsString("preferred_username")))
              .orElse(claims.getSubject());
      List<String> groups =
          claims.hasClaim("groups") ? claims.getStringListClaimValue("groups") : List.of();
      // An issuer may sign anything: groups:[null] is a list to the library.
      return groups.stream().allMatch(Objects::nonNull)
          ? Optional.of(new Bearer(name, Set.copyOf(groups)))
          : Optional.empty();
    } catch (InvalidJwtException | MalformedClaimException _) {
      return Optional.empty();
    }
  }

  private static VerificationKeyResolver keys(String location) {
    try {
      if (location.startsWith("http:") || location.startsWith("https:")) {
        HttpsJwks remote = new HttpsJwks(location);
        remote.setSimpleHttpGet(new JwksRequest(location));
        return new HttpsJwksVerificationKeyResolver(remote);
      }
      String text = Files.readString(path(location));
      if (text.stripLeading().startsWith("{")) {
        return new JwksVerificationKeyResolver(new JsonWebKeySet(text).getJsonWebKeys());
      }
      Key key = publicKey(text);
      return (_, _) -> key;
    } catch (IOException | JoseException | GeneralSecurityException | IllegalArgumentException _) {
      throw new Settings.InvalidSetting(
          "JWT_PUBLIC_KEY_LOCATION",
          location,
          "a URL, or a readable file with a PEM key or a JWKS");
    }
  }

  private static Path path(String location) {
    return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
  }

  private static Key publicKey(String pem) throws GeneralSecurityException {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    X509EncodedKeySpec spec = new X509EncodedKeySpec(Base64.getDecoder().decode(base64));
    try {
      return KeyFactory.getInstance("RSA").generatePublic(spec);
    } catch (GeneralSecurityException _) {
      return KeyFactory.getInstance("EC").generatePublic(spec);
    }
  }
}
