package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
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

  private static final Setting<Optional<String>> SECRET =
      Setting.optional(
          "ALERT_WEBHOOK_SECRET",
          "16 characters or more, or `whsec_` and Base64",
          "key of the signature of those posts; needed with ALERT_WEBHOOK_URL");

  static final List<Setting<?>> ALL = List.of(Channels.ALERT_WEBHOOK_URL, SECRET);

  /// @return empty when ALERT_WEBHOOK_URL is not set
  /// @throws Settings.InvalidSetting for what cannot be called or signed
  static Optional<AlertWebhook> from(Settings settings) {
    Optional<String> url = Channels.ALERT_WEBHOOK_URL.read(settings);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> fault = WebhookAddressPolicy.fault(url.get());
    if (fault.isPresent()) {
      throw new Settings.InvalidSetting(
          Channels.ALERT_WEBHOOK_URL.name(), "(hidden)", fault.get().replace("must be ", ""));
    }
    byte[] key = key(SECRET.read(settings).orElse(""));
    if (key.length < SHORTEST_KEY) {
      throw new Settings.InvalidSetting(
          SECRET.name(),
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
