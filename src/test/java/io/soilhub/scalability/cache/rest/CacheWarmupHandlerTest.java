package io.soilhub.scalability.cache.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.WarmupSource;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.jobs.engine.JobStopped;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheWarmupHandlerTest {

  private final List<String> read = new ArrayList<>();
  private final CacheWarmupHandler handler =
      new CacheWarmupHandler(this::read, List.of(new Trials()));

  @Test
  void countsWhatItReads() {
    Run run = new Run("{'data_type':'soil_data','keys':['a','none','broken','b']}");

    assertThat(handler.run(run))
        .isEqualTo(
            Json.parse(
                "{'data_type':'soil_data','warmed':2,'missing':1,'failed':1}".replace('\'', '"')));
    assertThat(read).containsExactly("soil_data a", "soil_data none", "soil_data b");
    assertThat(run.reported).containsExactly(25, 50, 75, 100);
  }

  @Test
  void withoutKeysItLoadsAllThatAFeatureCan() {
    Run run = new Run("{'data_type':'variety_data'}");

    assertThat(handler.run(run).path("warmed").asInt()).isEqualTo(2);
    assertThat(handler.run(run).path("missing").asInt()).isEqualTo(1);
    assertThat(read).isEmpty();
  }

  @Test
  void endsBetweenTwoKeysWhenItIsStopped() {
    Run run = new Run("{'data_type':'soil_data','keys':['a','b']}");
    run.stopAfter = 1;

    assertThat(catchThrowableOfType(JobStopped.class, () -> handler.run(run))).isNotNull();
    assertThat(read).containsExactly("soil_data a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | /data_type",
        "{'data_type':7} | /data_type",
        "{'data_type':'weather'} | /data_type",
        "{'data_type':'soil_data'} | /keys",
        "{'data_type':'soil_data','keys':[]} | /keys",
        "{'data_type':'soil_data','keys':null} | /keys",
        "{'data_type':'soil_data','keys':'a'} | /keys",
        "{'data_type':'soil_data','keys':['a',7]} | /keys/1",
        "{'data_type':'soil_data','keys':['a','']} | /keys/1",
        "{'data_type':'soil_data','keys':['a'],'all':true} | /all"
      })
  void whatItCannotUseIsRefused(String payload, String pointer) {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> handler.validate(new Run(payload).payload()));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations())
        .extracting(Problem.Violation::pointer)
        .containsExactly(pointer);
  }

  @Test
  void whatItCanUseIsTaken() {
    assertThatNoException()
        .isThrownBy(() -> handler.validate(new Run("{'data_type':'variety_data'}").payload()));
    assertThatNoException()
        .isThrownBy(
            () -> handler.validate(new Run("{'data_type':'general','keys':['a/b']}").payload()));
  }

  private boolean read(DataType type, String key) {
    if (key.equals("broken")) {
      throw Problem.invalid("", "broken");
    }
    read.add(type.code() + " " + key);
    return !key.equals("none");
  }

  private static final class Trials implements WarmupSource {

    @Override
    public DataType dataType() {
      return DataType.VARIETY_DATA;
    }

    @Override
    public Set<String> keys() {
      return new LinkedHashSet<>(List.of("corn", "oats", "gone"));
    }

    @Override
    public boolean warm(String key) {
      return !key.equals("gone");
    }
  }

  /// Keeps what is reported, and stops after a number of reports.
  private static final class Run implements JobRun {

    private final ObjectNode payload;
    private final List<Integer> reported = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;

    Run(String payload) {
      this.payload = (ObjectNode) Json.parse(payload.replace('\'', '"'));
    }

    @Override
    public UUID jobId() {
      return new UUID(1, 2);
    }

    @Override
    public ObjectNode payload() {
      return payload;
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public long fence() {
      return 1;
    }

    @Override
    public void progress(int percent) {
      reported.add(percent);
    }

    @Override
    public boolean stopRequested() {
      return reported.size() >= stopAfter;
    }

    @Override
    public void checkStopped() {
      if (stopRequested()) {
        throw new JobStopped("cancelled");
      }
    }

    @Override
    public boolean once(String effect, Database.Work<Void> work) {
      throw new UnsupportedOperationException();
    }
  }
}
