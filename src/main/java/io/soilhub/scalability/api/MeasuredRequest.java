package io.soilhub.scalability.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/// A request that tells when it is answered: as it leaves the frame, or, once it goes on behind the
/// server's thread, when that is complete. It listens from the beginning of that on, since
/// afterwards it may be complete already.
final class MeasuredRequest extends HttpServletRequestWrapper implements AutoCloseable {

  private final Runnable end;
  private boolean goesOn;

  MeasuredRequest(HttpServletRequest request, Runnable end) {
    super(request);
    this.end = end;
  }

  @Override
  public AsyncContext startAsync() {
    return listened(super.startAsync());
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return listened(super.startAsync(request, response));
  }

  /// The frame is left.
  @Override
  public void close() {
    if (!goesOn) {
      end.run();
    }
  }

  private AsyncContext listened(AsyncContext async) {
    async.addListener(new Completion());
    goesOn = true;
    return async;
  }

  private final class Completion implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      end.run();
    }

    /// Complete follows.
    @Override
    public void onTimeout(AsyncEvent event) {}

    /// Complete follows.
    @Override
    public void onError(AsyncEvent event) {}

    /// Listeners do not outlive a second start.
    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
