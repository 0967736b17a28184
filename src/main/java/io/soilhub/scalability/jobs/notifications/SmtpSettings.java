package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.platform.core.EmailAddress;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.List;
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

  private static final Setting<Integer> PORT =
      Setting.integer("SMTP_PORT", 587, 1, 65_535, "its port");

  private static final Setting<Optional<String>> USERNAME =
      Setting.optional("SMTP_USERNAME", "text", "login there, if it wants one");

  private static final Setting<Optional<String>> PASSWORD =
      Setting.optional("SMTP_PASSWORD", "text", "password of that login");

  private static final Setting<Boolean> STARTTLS =
      Setting.flag("SMTP_STARTTLS", true, "talk to it over TLS only, begun by STARTTLS");

  private static final Setting<Optional<String>> FROM =
      Setting.optional("SMTP_FROM", "name@domain", "sender of e-mail; needed with SMTP_HOST");

  static final List<Setting<?>> ALL =
      List.of(Channels.SMTP_HOST, PORT, USERNAME, PASSWORD, STARTTLS, FROM);

  /// @return empty when SMTP_HOST is not set
  /// @throws Settings.InvalidSetting for what no mail can be sent with
  static Optional<SmtpSettings> from(Settings settings) {
    int port = PORT.read(settings);
    boolean startTls = STARTTLS.read(settings);
    Optional<String> host = Channels.SMTP_HOST.read(settings);
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Optional<Login> login =
        USERNAME.read(settings).map(user -> new Login(user, PASSWORD.read(settings).orElse("")));
    if (login.isPresent() && !startTls && !HERE.contains(host.get())) {
      throw new Settings.InvalidSetting(
          STARTTLS.name(), "false", "true for a login at another machine");
    }
    String from = FROM.read(settings).orElse("");
    InternetAddress sender =
        EmailAddress.of(from)
            .orElseThrow(
                () ->
                    new Settings.InvalidSetting(
                        FROM.name(), from, "an address such as alerts@example.org"));
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
