package io.soilhub.scalability.jobs.notifications;

import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.jobs.notifications.Delivery.Refused;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// Sends e-mail over SMTP. A message may come twice, when the sender dies after the server took it:
/// both carry one Message-ID, by which mailboxes recognise the second.
///
/// @param limit of all of it, from the look-up of the server's name to its last word
record SmtpMailer(SmtpSettings settings, Clock clock, Duration limit) {

  private static final Logger LOG = System.getLogger(SmtpMailer.class.getName());

  /// On a virtual thread of its own: an interrupt ends whatever that waits for, also a server that
  /// says a word now and then, which the socket's time limits never end.
  ///
  /// @param id of the message
  /// @param text of a plain message
  Delivery send(UUID id, InternetAddress to, String subject, String text)
      throws InterruptedException {
    FutureTask<Delivery> sending = new FutureTask<>(() -> sent(id, to, subject, text));
    Thread.ofVirtual().name("mail").start(sending);
    try {
      return sending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Failed("MAIL_FAILED", "The mail server took too long.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      sending.cancel(true);
    }
  }

  private Delivery sent(UUID id, InternetAddress to, String subject, String text) {
    // Jakarta Mail looks for its providers there, and a worker's may be another application's.
    Thread.currentThread().setContextClassLoader(SmtpMailer.class.getClassLoader());
    try {
      Session session = Session.getInstance(settings.properties());
      MimeMessage message = new IdentifiedMessage(session, "<%s@soilhub>".formatted(id));
      message.setFrom(settings.from());
      message.setRecipient(Message.RecipientType.TO, to);
      message.setSubject(subject, "UTF-8");
      message.setText(text, "UTF-8");
      message.setSentDate(Date.from(clock.instant()));
      message.setHeader("Auto-Submitted", "auto-generated");
      message.saveChanges();
      deliver(session, message);
      return new Delivered(OptionalInt.empty());
    } catch (MessagingException e) {
      return failure(e);
    }
  }

  private void deliver(Session session, MimeMessage message) throws MessagingException {
    Transport transport = session.getTransport();
    try {
      if (settings.login().isPresent()) {
        SmtpSettings.Login login = settings.login().get();
        transport.connect(login.user(), login.password());
      } else {
        transport.connect();
      }
      transport.sendMessage(message, message.getAllRecipients());
    } finally {
      leave(transport);
    }
  }

  /// Once the server took the message, a farewell that fails must not have it sent again.
  private static void leave(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      LOG.log(Level.DEBUG, "the mail server did not say goodbye", e);
    }
  }

  /// By the reply code of the server (RFC 5321, section 4.2.1): 5yz is for good. What it says can
  /// name hosts and users, so it is not repeated.
  private static Delivery failure(MessagingException thrown) {
    Exception cause = thrown;
    int code = 0;
    for (int depth = 0; cause instanceof MessagingException e && depth < 10; depth++) {
      code = Math.max(code, code(e));
      cause = e.getNextException();
    }
    String reply = code > 0 ? "with " + code : "or could not be reached";
    return code >= 500
        ? new Refused("MAIL_REFUSED", "The mail server refused " + reply + ".")
        : new Failed("MAIL_FAILED", "The mail server refused " + reply + ".");
  }

  private static int code(MessagingException e) {
    return switch (e) {
      case SMTPSendFailedException send -> send.getReturnCode();
      case SMTPAddressFailedException address -> address.getReturnCode();
      case SMTPSenderFailedException sender -> sender.getReturnCode();
      default -> 0;
    };
  }

  /// Keeps the id that it is given.
  private static final class IdentifiedMessage extends MimeMessage {

    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
