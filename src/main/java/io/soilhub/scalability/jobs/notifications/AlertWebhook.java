package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.platform.settings.Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The receiver of alerts: a webhook that whoever runs the service has named, so that it may lie in
/// a private network, and that can tell by a signature that a call comes from here and when it was
/// made (Standard Webhooks 1.0: HMAC-SHA256 over id, time and body).
///
/// @param key of the signature
record AlertWebhook(URI url, byte[] key) {

  private static final String KEY_PREFIX = "whsec_";
  private static final int SHORTEST_KEY = 16;

  /// @return empty when ALERT_WEBHOOK_URL is not set
  /// @throws Settings.InvalidSetting for what cannot be called or signed
  static Optional<AlertWebhook> from(Settings settings) {
    Optional<String> url = settings.text("ALERT_WEBHOOK_URL");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> fault = WebhookAddressPolicy.fault(url.get());
    if (fault.isPresent()) {
      throw new Settings.InvalidSetting(
          "ALERT_WEBHOOK_URL", "(hidden)", fault.get().replace("must be ", ""));
    }
    byte[] key = key(settings.text("ALERT_WEBHOOK_SECRET", ""));
    if (key.length < SHORTEST_KEY) {
      throw new Settings.InvalidSetting(
          "ALERT_WEBHOOK_SECRET",
          "(hidden)",
          "%d bytes or more while ALERT_WEBHOOK_URL is set".formatted(SHORTEST_KEY));
    }
    return Optional.of(new AlertWebhook(URI.create(url.get()), key));
  }

  /// The header `webhook-signature`.
  ///
  /// @param id of the message, the same in every repeat
  /// @param seconds since 1970, when this call is made
  String signature(String id, long seconds, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] signed = "%s.%d.%s".formatted(id, seconds, body).getBytes(StandardCharsets.UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The key and the address, which can hold a secret too, are for nobody's log.
  @Override
  public String toString() {
    return "AlertTarget[" + url.getHost() + "]";
  }

  private static byte[] key(String secret) {
    try {
      return secret.startsWith(KEY_PREFIX)
          ? Base64.getDecoder().decode(secret.substring(KEY_PREFIX.length()))
          : secret.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }
}
