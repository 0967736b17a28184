package io.soilhub.scalability.jobs.notifications;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A mail server for tests that speaks enough of RFC 5321, on a real socket.
public final class SmtpDouble implements AutoCloseable {

  private final ServerSocket socket;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();

  public SmtpDouble() throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /// Answers a command by this line from now on.
  void answer(String command, String line) {
    answers.put(command, line);
  }

  /// What clients have said, apart from the messages.
  List<String> commands() {
    return commands;
  }

  /// Messages that were taken, with their headers.
  public List<String> messages() {
    return messages;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      client.setSoTimeout(20_000);
      OutputStream out = client.getOutputStream();
      say(out, "220 test");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        commands.add(line);
        String command = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
        say(out, answers.getOrDefault(command, usual(command)));
        if (command.equals("DATA") && !answers.containsKey("DATA")) {
          messages.add(data(in));
          say(out, "250 taken");
        } else if (command.equals("QUIT")) {
          return;
        }
      }
    } catch (IOException _) {
      // the client has gone
    }
  }

  private static String usual(String command) {
    return switch (command) {
      case "EHLO" -> "250-test\r\n250 8BITMIME";
      case "DATA" -> "354 go on";
      case "QUIT" -> "221 bye";
      default -> "250 ok";
    };
  }

  private static String data(BufferedReader in) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      all.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return all.toString();
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
