package io.soilhub.scalability.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.Await;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsCacheTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicLong now = new AtomicLong(SECOND);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<String> answer = new AtomicReference<>("10.0.0.1");
  private final CountDownLatch answers = new CountDownLatch(1);
  private final DnsCache patient = dnsCache(LONG);
  private final DnsCache impatient = dnsCache(Duration.ZERO);

  @AfterEach
  void stop() {
    patient.close();
    impatient.close();
  }

  @Test
  void aServerThatHangsIsNotWaitedForAndAskedOnce() {
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> impatient.resolve("slow.example"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("does not answer");
    }
    answers.countDown();
    impatient.close();
    assertThat(asked).hasValueLessThanOrEqualTo(1);
  }

  @Test
  void anAddressNeedsNoServer() throws UnknownHostException {
    assertThat(impatient.resolve("10.0.0.7")).containsExactly(InetAddress.ofLiteral("10.0.0.7"));
    assertThat(impatient.resolve("::1")).containsExactly(InetAddress.ofLiteral("::1"));
    assertThat(asked).hasValue(0);
  }

  @Test
  void aForbiddenAddressIsNotHandedOut() {
    answers.countDown();
    answer.set("169.254.169.254");
    assertThatThrownBy(() -> patient.resolve("evil.example"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("not allowed");
    assertThatThrownBy(() -> patient.resolve("169.254.169.254"))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void whatWasFoundIsUsedForAWhileAndThenRenewedBehindTheCaller() throws UnknownHostException {
    answers.countDown();
    assertThat(patient.resolve("a.example")).hasSize(1);
    assertThat(patient.resolve("a.example")).hasSize(1);
    assertThat(asked).hasValue(1);
    answer.set("10.0.0.2");
    now.addAndGet(6 * SECOND);
    assertThat(patient.resolve("a.example")).containsExactly(InetAddress.ofLiteral("10.0.0.1"));
    Await.until(
        "it is renewed", LONG, () -> known("a.example").equals(InetAddress.ofLiteral("10.0.0.2")));
  }

  /// What is refused is not used on behind the caller's back either.
  @Test
  void aNameThatTurnsToAForbiddenAddressHasNoOtherAnyMore() throws UnknownHostException {
    answers.countDown();
    InetAddress before = patient.resolve("a.example").getFirst();
    answer.set("169.254.169.254");
    now.addAndGet(6 * SECOND);
    Await.until("it is refused", LONG, () -> !patient.isCurrent("a.example", before));
    assertThatThrownBy(() -> patient.resolve("a.example")).isInstanceOf(ForbiddenAddress.class);
  }

  @Test
  void whileTheServerIsAwayANameHasTheAddressesThatItHad() throws UnknownHostException {
    answers.countDown();
    InetAddress before = patient.resolve("a.example").getFirst();
    answer.set("");
    for (int i = 0; i < 3; i++) {
      now.addAndGet(31 * SECOND);
      assertThatThrownBy(() -> patient.resolve("a.example"))
          .isInstanceOf(UnknownHostException.class);
      assertThat(patient.isCurrent("a.example", before)).isTrue();
    }
  }

  @Test
  void whatWasNotAskedForForLongMayHaveChanged() throws UnknownHostException {
    answers.countDown();
    InetAddress before = patient.resolve("a.example").getFirst();
    now.addAndGet(31 * SECOND);
    assertThat(patient.isCurrent("a.example", before)).isFalse();
    assertThat(patient.isCurrent("10.0.0.7", InetAddress.ofLiteral("10.0.0.7"))).isTrue();
  }

  @Test
  void whatIsTooOldIsWaitedFor() {
    answers.countDown();
    assertThat(known("a.example")).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
    answer.set("10.0.0.2");
    now.addAndGet(31 * SECOND);
    assertThat(known("a.example")).isEqualTo(InetAddress.ofLiteral("10.0.0.2"));
  }

  private InetAddress known(String host) {
    try {
      return patient.resolve(host).getFirst();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private DnsCache dnsCache(Duration limit) {
    return new DnsCache(
        name -> {
          asked.incrementAndGet();
          try {
            answers.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(e.toString());
          }
          if (answer.get().isEmpty()) {
            throw new UnknownHostException(name);
          }
          return new InetAddress[] {InetAddress.ofLiteral(answer.get())};
        },
        AddressPolicy.NO_METADATA,
        limit,
        now::get);
  }
}
