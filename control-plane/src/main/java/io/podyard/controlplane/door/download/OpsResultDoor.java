package io.podyard.controlplane.door.download;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.ErrorStatus;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.OpsResultAddress;
import io.podyard.controlplane.door.RequestIds;
import io.podyard.controlplane.ops.OpsResults;
import io.podyard.controlplane.ops.OpsResults.OpsResult;
import io.podyard.controlplane.ops.ResultSecret;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.web.HttpRequestHandler;

/** Hands out results of operations tasks to whoever has their address. */
final class OpsResultDoor implements HttpRequestHandler {

  private static final Logger log = LoggerFactory.getLogger(OpsResultDoor.class);

  private final OpsResults results;
  private final ErrorForm errors;

  OpsResultDoor(OpsResults results, ErrorForm errors) {
    this.results = results;
    this.errors = errors;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OpsResult result;
    boolean entered = false;
    try {
      boolean head = request.getMethod().equals("HEAD");
      if (!head && !request.getMethod().equals("GET")) {
        response.setHeader("Allow", "GET, HEAD");
        throw new ApiException(ErrorCode.UNSUPPORTED_HTTP_METHOD, "A result is read with GET.");
      }
      result = find(request);
      headers(response, result);
      if (head) {
        return;
      }
      entered = results.enter();
      if (!entered) {
        response.reset();
        throw new ApiException(
            ErrorCode.SERVICE_UNAVAILABLE, "Too many results are being downloaded. Try again.");
      }
      result.writeTo(response.getOutputStream());
    } catch (IOException | DataAccessException e) {
      if (!response.isCommitted()) {
        response.reset();
        refuse(request, response, e);
      } else {
        // It is shorter than was said, so the client knows.
        log.debug("a download broke off: {}", e.getMessage());
        throw new IOException("a download broke off", e);
      }
    } catch (RuntimeException e) {
      refuse(request, response, e);
    } finally {
      if (entered) {
        results.leave();
      }
    }
  }

  private OpsResult find(HttpServletRequest request) {
    String secret = request.getParameter(OpsResultAddress.SECRET);
    if (secret == null || secret.isEmpty()) {
      throw new ApiException(Problem.missing(OpsResultAddress.SECRET));
    }
    return results
        .find(new ResultSecret(secret))
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.of(
                        ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                        OpsResultAddress.SECRET,
                        "opens no result: its time is over, or it was never given out")));
  }

  private static void headers(HttpServletResponse response, OpsResult result) {
    response.setContentType(
        switch (result.type()) {
          case TCPDUMP -> "application/vnd.tcpdump.pcap";
          case COREDUMP -> "application/x-core";
        });
    response.setContentLengthLong(result.bytes());
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"%s\"".formatted(result.name()));
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, Exception failure)
      throws IOException {
    ApiException error = Failures.toLoggedError(failure);
    DoorHandler.write(
        errors.error(
            RequestIds.next(),
            error,
            ErrorStatus.rest(error.code()),
            DoorHandler.call(request, InputStream.nullInputStream())),
        response);
  }
}
