package io.soilhub.scalability.notifications;

import io.soilhub.scalability.jobs.JobFailed;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Date;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// Sends e-mail over SMTP. A message may come twice, when the sender dies after the server took it:
/// both carry the job's id as Message-ID, by which mailboxes recognise the second.
record Mail(SmtpSettings settings, Clock clock) {

  private static final Logger LOG = System.getLogger(Mail.class.getName());

  /// @param text of a plain message
  /// @throws JobFailed permanently when the server refuses the message or its receiver for good,
  ///   else to be tried again
  void send(UUID jobId, InternetAddress to, String subject, String text) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Jakarta Mail looks for its providers there, and a worker's may be another application's.
    thread.setContextClassLoader(Mail.class.getClassLoader());
    try {
      Session session = Session.getInstance(settings.properties());
      MimeMessage message = new IdentifiedMessage(session, "<%s@soilhub>".formatted(jobId));
      message.setFrom(settings.from());
      message.setRecipient(Message.RecipientType.TO, to);
      message.setSubject(subject, "UTF-8");
      message.setText(text, "UTF-8");
      message.setSentDate(Date.from(clock.instant()));
      message.setHeader("Auto-Submitted", "auto-generated");
      message.saveChanges();
      deliver(session, message);
    } catch (MessagingException e) {
      throw failure(e);
    } finally {
      thread.setContextClassLoader(before);
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
  private static JobFailed failure(MessagingException thrown) {
    Exception cause = thrown;
    int code = 0;
    for (int depth = 0; cause instanceof MessagingException e && depth < 10; depth++) {
      code = Math.max(code, code(e));
      cause = e.getNextException();
    }
    String reply = code > 0 ? "with " + code : "or could not be reached";
    return code >= 500
        ? JobFailed.permanently("MAIL_REFUSED", "The mail server refused " + reply + ".")
        : JobFailed.transiently("MAIL_FAILED", "The mail server refused " + reply + ".");
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
