package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.bench.Page;
import io.soilhub.scalability.quantiles.Distribution;
import io.soilhub.scalability.quantiles.Histogram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Measures the monitor's recorders beside others, each in a JVM of its own, in turn in every
/// round, and the truth of quantiles; writes docs/benchmarks.md.
public final class MonitorBenchmark {

  private static final int ROUNDS = 5;
  private static final int REPLICAS = 8;
  private static final int MINUTES = 1440;
  private static final int A_MINUTE = 100;
  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};
  private static final int LIMIT_SECONDS = 120;

  private record Cost(double nanos, double bytes) {}

  private MonitorBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<Meter, List<Cost>> costs = new EnumMap<>(Meter.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Meter meter : Meter.values()) {
        costs.computeIfAbsent(meter, _ -> new ArrayList<>()).add(cost(meter));
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured on %s, %d cores, %s, JDK %s; one thread, a JVM a meter, handles kept, median of"
            .formatted(
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                Runtime.version().feature()));
    text.append(" %d rounds, meters in turn in each.%n%n".formatted(ROUNDS));
    text.append(
        "| Recording | ns | least to most | bytes allocated |%n|---|---:|---:|---:|%n".formatted());
    costs.forEach((meter, of) -> text.append(row(meter, of)));
    text.append("%n### Quantiles of a day of %d replicas%n%n".formatted(REPLICAS));
    text.append(
        "%,d values each, recorded in %,d slots of a minute, stored, read and merged; the largest"
            .formatted(REPLICAS * MINUTES * A_MINUTE, REPLICAS * MINUTES));
    text.append(
        " relative error of p50, p90, p95, p99 and p99.9 against the sorted values.%n%n"
            .formatted());
    text.append(
        "| Distribution | error | bytes a slot | bytes of the day | merge, ms |%n|---|---:|---:|---:|---:|%n"
            .formatted());
    for (Shape shape : Shape.values()) {
      text.append(truth(shape));
    }
    System.out.println(text);
    Page.replace(Path.of("..", "docs", "benchmarks.md"), "monitor", text.toString());
  }

  private static Cost cost(Meter meter) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                MeterMain.class.getName(),
                meter.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(meter + " was not measured: " + printed);
    }
    List<String> words = List.of(printed.strip().split(" "));
    return new Cost(Double.parseDouble(words.get(0)), Double.parseDouble(words.get(1)));
  }

  private static String row(Meter meter, List<Cost> costs) {
    double[] nanos = costs.stream().mapToDouble(Cost::nanos).sorted().toArray();
    double bytes = costs.stream().mapToDouble(Cost::bytes).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f to %.1f | %.2f |%n",
        meter.label(),
        nanos[nanos.length / 2],
        nanos[0],
        nanos[nanos.length - 1],
        bytes);
  }

  private static String truth(Shape shape) {
    long[] values = shape.nanos(REPLICAS * MINUTES * A_MINUTE, 5);
    List<byte[]> stored = new ArrayList<>();
    for (int slot = 0; slot < REPLICAS * MINUTES; slot++) {
      Histogram histogram = new Histogram();
      for (int i = 0; i < A_MINUTE; i++) {
        histogram.record(values[slot * A_MINUTE + i]);
      }
      stored.add(histogram.distribution().bytes());
    }
    long begin = System.nanoTime();
    Distribution merged = Distribution.merged(stored.stream().map(Distribution::of).toList());
    double millis = (System.nanoTime() - begin) / 1e6;
    Arrays.sort(values);
    double error = 0;
    for (double q : QUANTILES) {
      double exact = values[(int) Math.ceil(q * values.length) - 1];
      error = Math.max(error, Math.abs(merged.quantile(q) - exact) / exact);
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.2f %% | %.0f | %,d | %.0f |%n",
        shape.name().toLowerCase(Locale.ROOT),
        100 * error,
        stored.stream().mapToInt(b -> b.length).average().orElseThrow(),
        merged.bytes().length,
        millis);
  }
}
