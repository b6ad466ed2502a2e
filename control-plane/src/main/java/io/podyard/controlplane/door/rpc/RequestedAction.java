package io.podyard.controlplane.door.rpc;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.signature.Parameters;
import io.podyard.controlplane.door.signature.SignatureV3;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which action a request asks for, and whether it wants the answer in a form there is. */
final class RequestedAction {

  private final List<Problem> problems = new ArrayList<>();
  private final Parameters parameters;
  private final HttpCall request;

  private RequestedAction(Parameters parameters, HttpCall request) {
    this.parameters = parameters;
    this.request = request;
  }

  /**
   * Reads action, version and format.
   *
   * @throws ApiException if one of them is missing or not known here
   */
  static Action of(Parameters parameters, HttpCall request) {
    return new RequestedAction(parameters, request).read();
  }

  /** There is no such action here, be it unknown or not built yet. */
  static ApiException notFound(String name) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_API_NOT_FOUND,
            "Action",
            name,
            "must be an action that this server offers in version " + Action.CONTRACT_VERSION));
  }

  private Action read() {
    String name = value("Action", "x-acs-action");
    String version = value("Version", "x-acs-version");
    if (version != null && !version.equals(Action.CONTRACT_VERSION)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Version",
              version,
              "must be " + Action.CONTRACT_VERSION));
    }
    String format = parameters.given("Format");
    if (format != null && !format.equalsIgnoreCase("JSON")) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Format",
              format,
              "must be JSON; answers in XML are not supported"));
    }
    if (!problems.isEmpty() || name == null) {
      throw new ApiException(problems);
    }
    return Action.named(name).orElseThrow(() -> notFound(name));
  }

  /**
   * A value from the parameters, else from a header. Signature version 1 covers no headers, so
   * there the header alone would let anyone turn one signed request into another.
   */
  private @Nullable String value(String parameter, String header) {
    String inParameters = parameters.given(parameter);
    String inHeader = request.header(header);
    if (inParameters == null && SignatureV3.signs(request)) {
      inParameters = inHeader;
    }
    if (inParameters == null || inParameters.isEmpty()) {
      problems.add(Problem.missing(parameter));
      return null;
    }
    if (inHeader != null && !inHeader.equals(inParameters)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              parameter,
              inParameters,
              "must be the same as in the header " + header));
    }
    return inParameters;
  }
}
