package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/// What the server's readers throw at a body that is not what its Content-Type says, for instance a
/// form without a boundary, is the caller's fault, whatever class it has.
@Provider
public class UnreadableBody implements ReaderInterceptor {

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    try {
      return context.proceed();
    } catch (JsonProcessingException | Problem | WebApplicationException known) {
      throw known;
    } catch (IOException | RuntimeException _) {
      throw ExceptionTranslator.unreadable();
    }
  }
}
