package io.podyard.controlplane.door.signature;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads parameters from a query and a form body.
 *
 * <p>In a form body a plus sign is a space, as its media type says. In a query it is a space for
 * browsers and most tools and a plus sign for RFC 3986. Only the client knows what it meant, and
 * its signature tells: a query with plus signs is read both ways, and the reading whose signature
 * is right is the request. SDKs write {@code %20} and {@code %2B} and are not concerned.
 */
public final class ParameterReading {

  /** Far more than the largest allowed request has; bounds the work of sorting and hashing. */
  public static final int MOST_PARAMETERS = 20_000;

  private ParameterReading() {}

  /**
   * What a request can mean: one reading, or two if its query has plus signs, with those as spaces
   * first.
   *
   * @param form empty if the body is no form
   * @throws ApiException if anything is not percent-encoded UTF-8, or is given twice
   */
  public static List<Parameters> readings(@Nullable String rawQuery, byte[] form) {
    String query = rawQuery == null ? "" : rawQuery;
    List<Map.Entry<String, String>> inForm =
        decode("the form body", new String(form, StandardCharsets.ISO_8859_1), true);
    Parameters usual = merge(decode("the query", query, true), inForm);
    return query.indexOf('+') < 0
        ? List.of(usual)
        : List.of(usual, merge(decode("the query", query, false), inForm));
  }

  /**
   * What the query of a request can mean where a name may come several times.
   *
   * @throws ApiException if anything is not percent-encoded UTF-8
   */
  public static List<Parameters> queries(@Nullable String rawQuery) {
    String query = rawQuery == null ? "" : rawQuery;
    List<Parameters> readings = new ArrayList<>();
    readings.add(new Parameters(bounded(decode("the query", query, true)), Map.of()));
    if (query.indexOf('+') >= 0) {
      readings.add(new Parameters(bounded(decode("the query", query, false)), Map.of()));
    }
    return readings;
  }

  private static List<Map.Entry<String, String>> bounded(List<Map.Entry<String, String>> query) {
    requireBounded(query.size());
    return query;
  }

  private static void requireBounded(int parameters) {
    if (parameters > MOST_PARAMETERS) {
      throw new ApiException(
          ErrorCode.INVALID_PARAMETER, "A request has at most " + MOST_PARAMETERS + " parameters.");
    }
  }

  private static Parameters merge(
      List<Map.Entry<String, String>> query, List<Map.Entry<String, String>> form) {
    requireBounded(query.size() + form.size());
    Map<String, String> all = HashMap.newHashMap(query.size() + form.size());
    List<Problem> problems = new ArrayList<>();
    for (List<Map.Entry<String, String>> part : List.of(query, form)) {
      for (Map.Entry<String, String> parameter : part) {
        if (all.putIfAbsent(parameter.getKey(), parameter.getValue()) != null) {
          problems.add(
              Problem.of(ErrorCode.INVALID_PARAMETER, parameter.getKey(), "is given twice"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ApiException(problems);
    }
    return new Parameters(query, all);
  }

  private static List<Map.Entry<String, String>> decode(
      String where, String encoded, boolean plusIsSpace) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    int start = 0;
    while (start < encoded.length()) {
      int end = encoded.indexOf('&', start);
      end = end < 0 ? encoded.length() : end;
      if (end > start) {
        String pair = encoded.substring(start, end);
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(Map.entry(text(where, name, plusIsSpace), text(where, value, plusIsSpace)));
      }
      start = end + 1;
    }
    return parameters;
  }

  private static String text(String where, String encoded, boolean plusIsSpace) {
    return PercentDecoding.decode(encoded, plusIsSpace)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INVALID_PARAMETER,
                    "A name or value in "
                        + where
                        + " is not percent-encoded UTF-8: each % needs two hexadecimal digits"
                        + " after it, and the bytes must be UTF-8."));
  }
}
