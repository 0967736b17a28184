package io.soilhub.scalability.prediction;

import io.soilhub.scalability.trials.*;
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
    if (arguments.get(0).equals("refit")) {
      for (var e : DataSetFolder.of(Path.of(arguments.get(1))).entries()) {
        if (arguments.size() > 2 && !e.id().startsWith(arguments.get(2))) continue;
        DataSet d = e.load(_ -> new Constants(1,0,0,1,0));
        long t = System.nanoTime();
        System.out.println(Reml.dev(d.table(), Reml.fit(d.table()))+" vs "+Reml.dev(d.table(), e.load(null).constants())); out.println(e.id() + " " + Reml.fit(d.table()) + " was " + e.load(null).constants()+ " s "+(System.nanoTime()-t)/1e9);
      }
      return;
    }
    Demonstration.write(Path.of(arguments.get(1)));
    out.println("wrote " + arguments.get(1));
  }
}
