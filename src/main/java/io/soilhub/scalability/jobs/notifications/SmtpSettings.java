package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.platform.core.EmailAddress;
import io.soilhub.scalability.platform.settings.Settings;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// The mail server that takes our messages, and what it needs to take them.
///
/// @param login of the server, if it wants one
/// @param startTls whether to refuse to talk to it in the clear
/// @param from sender's address
record SmtpSettings(
    String host, int port, Optional<Login> login, boolean startTls, InternetAddress from) {

  record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "::1");
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  /// @return empty when SMTP_HOST is not set
  /// @throws Settings.InvalidSetting for what no mail can be sent with
  static Optional<SmtpSettings> from(Settings settings) {
    int port = settings.integer("SMTP_PORT", 587, 1, 65535);
    boolean startTls = settings.flag("SMTP_STARTTLS", true);
    Optional<String> host = settings.text("SMTP_HOST");
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Optional<Login> login =
        settings
            .text("SMTP_USERNAME")
            .map(user -> new Login(user, settings.text("SMTP_PASSWORD", "")));
    if (login.isPresent() && !startTls && !HERE.contains(host.get())) {
      throw new Settings.InvalidSetting(
          "SMTP_STARTTLS", "false", "true for a login at another machine");
    }
    String from = settings.text("SMTP_FROM", "");
    InternetAddress sender =
        EmailAddress.of(from)
            .orElseThrow(
                () ->
                    new Settings.InvalidSetting(
                        "SMTP_FROM", from, "an address such as alerts@example.org"));
    return Optional.of(new SmtpSettings(host.get(), port, login, startTls, sender));
  }

  Properties properties() {
    Properties all = new Properties();
    all.setProperty("mail.transport.protocol", "smtp");
    all.setProperty("mail.smtp.host", host);
    all.setProperty("mail.smtp.port", Integer.toString(port));
    all.setProperty("mail.smtp.from", from.getAddress());
    all.setProperty("mail.smtp.connectiontimeout", Long.toString(CONNECT_LIMIT.toMillis()));
    all.setProperty("mail.smtp.timeout", Long.toString(ANSWER_LIMIT.toMillis()));
    all.setProperty("mail.smtp.writetimeout", Long.toString(ANSWER_LIMIT.toMillis()));
    all.setProperty("mail.smtp.auth", Boolean.toString(login.isPresent()));
    all.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
    all.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
    all.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    return all;
  }
}
