package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;

/// Reads and writes every JSON body with the service's one mapper, in place of the server's own
/// JSON binding, so that unknown members and wrong types are found with their paths.
@Provider
@Priority(1)
@Consumes({MediaType.APPLICATION_JSON, "application/*+json"})
@Produces({MediaType.APPLICATION_JSON, "application/*+json"})
public class JacksonBodyProvider implements MessageBodyReader<Object>, MessageBodyWriter<Object> {

  /// Types that stand for the bytes themselves.
  private static final List<Class<?>> RAW =
      List.of(
          byte[].class,
          CharSequence.class,
          InputStream.class,
          Reader.class,
          File.class,
          StreamingOutput.class);

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
    return isJson(type);
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
    return isJson(type);
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream in)
      throws IOException {
    ObjectReader reader = Json.mapper().readerFor(Json.mapper().constructType(generic));
    Object value;
    try (JsonParser parser = new WellFormedParser(reader.createParser(in))) {
      value = reader.readValue(parser);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException _) {
      throw ExceptionTranslator.unreadable();
    }
    if (value == null) {
      throw new Problem(Problem.Kind.MALFORMED, "malformed-body", "A JSON body must be sent.");
    }
    return value;
  }

  @Override
  public void writeTo(
      Object value,
      Class<?> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, Object> headers,
      OutputStream out)
      throws IOException {
    out.write(Json.mapper().writeValueAsBytes(value));
  }

  private static boolean isJson(Class<?> type) {
    return RAW.stream().noneMatch(raw -> raw.isAssignableFrom(type));
  }
}
