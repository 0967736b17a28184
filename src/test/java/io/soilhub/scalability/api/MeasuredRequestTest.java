package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredRequestTest {

  private final List<AsyncListener> listeners = new ArrayList<>();
  private int ended;
  private final MeasuredRequest request = new MeasuredRequest(server(), () -> ended++);

  @Test
  void whatIsAnsweredInTheFrameEndsWithIt() {
    request.close();
    assertThat(ended).isEqualTo(1);
  }

  @Test
  void whatGoesOnBehindTheFrameEndsWhenItIsComplete() throws IOException {
    AsyncContext async = request.startAsync(request, null);
    request.close();
    assertThat(ended).isZero();
    for (AsyncListener listener : listeners) {
      listener.onComplete(new AsyncEvent(async));
    }
    assertThat(ended).isEqualTo(1);
  }

  @Test
  void whatIsCompleteBeforeTheFrameIsLeftEndsOnce() throws IOException {
    AsyncContext async = request.startAsync();
    listeners.getFirst().onComplete(new AsyncEvent(async));
    request.close();
    assertThat(ended).isEqualTo(1);
  }

  /// The server's side: starts to go on, and remembers who listens.
  private HttpServletRequest server() {
    ClassLoader loader = getClass().getClassLoader();
    Object async =
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {AsyncContext.class},
            (_, method, arguments) -> {
              if (method.getName().equals("addListener")) {
                listeners.add((AsyncListener) arguments[0]);
              }
              return null;
            });
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            loader, new Class<?>[] {HttpServletRequest.class}, (_, _, _) -> async);
  }
}
