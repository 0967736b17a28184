package io.soilhub.scalability.prediction;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// The command line of the trials: `demo <folder>`.
public final class TrialsCommand {

  private final PrintStream out;

  TrialsCommand(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    new TrialsCommand(System.out).run(List.of(arguments));
  }

  void run(List<String> arguments) throws IOException {
    Demonstration.write(Path.of(arguments.get(1)));
    out.println("wrote " + arguments.get(1));
  }
}
