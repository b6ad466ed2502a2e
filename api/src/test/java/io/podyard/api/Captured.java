package io.podyard.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request a stock SDK has sent, signed with the key {@code testAk} and the secret {@link
 * #SECRET}. None of them has a body.
 */
record Captured(
    String method, String path, Map<String, String> query, Map<String, List<String>> headers) {

  static final String SECRET = "testSecretKey123";

  static final List<String> V1 =
      List.of(
          "java-1.0.13-CreateContainerGroup.txt",
          "java-1.0.13-CreateImageCache.txt",
          "java-1.0.13-DeleteContainerGroup.txt",
          "java-1.0.13-DescribeContainerGroupPrice.txt",
          "java-1.0.13-DescribeContainerGroups.txt",
          "java-1.0.13-TagResources.txt");

  static final List<String> V3 = List.of("java-1.0.13-DescribeContainerGroupsV3.txt");

  static Captured read(String file) {
    List<String> lines = Contract.captured(file);
    String[] requestLine = lines.getFirst().split(" ");
    String[] target = requestLine[1].split("\\?", 2);
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : target[1].split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(decoded(parts[0]), decoded(parts[1]));
    }
    Map<String, List<String>> headers = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1));
    }
    return new Captured(requestLine[0], target[0], query, headers);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
