package io.podyard.controlplane.ops;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.settings.OpsSettings;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureFilter.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the value of a {@code tcpdump} task: a JSON object in a text (contract section 15). Numbers
 * may be written as texts, as people do who build it out of strings.
 */
final class CaptureReading {

  private static final String VALUE = "OpsValue";
  private static final Set<String> MEMBERS =
      Set.of(
          "Enable",
          "Protocol",
          "SourceIp",
          "SourceCidr",
          "SourcePort",
          "DestIp",
          "DestCidr",
          "DestPort",
          "IfDeviceName",
          "Snaplen",
          "Duration",
          "PacketNum",
          "FileSize");

  private static final Map<String, Protocol> PROTOCOLS =
      Map.of("tcp", Protocol.TCP, "udp", Protocol.UDP, "icmpv4", Protocol.ICMP);

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String ADDRESS = BYTE + "(?:\\." + BYTE + "){3}";
  private static final Pattern IP = Pattern.compile(ADDRESS);
  private static final Pattern CIDR = Pattern.compile("(" + ADDRESS + ")/(3[0-2]|[12]?\\d)");

  /** What Linux takes as the name of a device. */
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,14}");

  private static final String DEFAULT_DEVICE = "eth0";
  private static final int MOST_SNAPLEN = 65_535;
  private static final int MOST_PORT = 65_535;
  private static final int LEAST_FILE = 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final JsonNode value;
  private final Consumer<Problem> problems;

  private CaptureReading(JsonNode value, Consumer<Problem> problems) {
    this.value = value;
    this.problems = problems;
  }

  /** Reads one; empty, or of no use, if there are problems. */
  static Optional<AskedCapture> read(
      String text, OpsSettings settings, Consumer<Problem> problems) {
    JsonNode value;
    try {
      value = JSON.readTree(text);
    } catch (JacksonException e) {
      value = null;
    }
    if (value == null || !value.isObject()) {
      problems.accept(
          new Problem(
              ErrorCode.OPS_VALUE_INVALID,
              VALUE,
              text,
              "must be a JSON object for tcpdump, such as"
                  + " {\"Enable\":true,\"IfDeviceName\":\"eth0\"}"));
      return Optional.empty();
    }
    return Optional.of(new CaptureReading(value, problems).read(settings));
  }

  private AskedCapture read(OpsSettings settings) {
    new TreeSet<>(value.propertyNames())
        .forEach(
            name -> {
              if (!MEMBERS.contains(name)) {
                refuse(name, "is none of " + String.join(", ", new TreeSet<>(MEMBERS)));
              }
            });
    boolean enable = enable();
    Protocol protocol = protocol();
    End source = end("Source", protocol);
    End destination = end("Dest", protocol);
    String device = text("IfDeviceName");
    if (device == null) {
      device = DEFAULT_DEVICE;
    } else if (!DEVICE.matcher(device).matches()) {
      refuse(
          "IfDeviceName",
          "must be the name of a network device of the group, such as eth0, or any");
    }
    int snapLength = (int) number("Snaplen", 1, MOST_SNAPLEN, MOST_SNAPLEN);
    long longest = settings.longest().toSeconds();
    long seconds = number("Duration", 1, longest, longest);
    int packets = (int) number("PacketNum", 1, Integer.MAX_VALUE, 0);
    long largest = settings.fileSize().toBytes();
    long fileBytes = number("FileSize", LEAST_FILE, largest, largest);
    return new AskedCapture(
        enable,
        new CaptureFilter(device, protocol, source, destination, snapLength, packets, fileBytes),
        Duration.ofSeconds(seconds));
  }

  private boolean enable() {
    String enable = text("Enable");
    if (enable == null) {
      problems.accept(Problem.missing(VALUE + ".Enable"));
      return false;
    }
    if (!enable.equals("true") && !enable.equals("false")) {
      refuse("Enable", "must be true to begin a capture or false to end the one under way");
    }
    return enable.equals("true");
  }

  private @Nullable Protocol protocol() {
    String name = text("Protocol");
    if (name != null && !PROTOCOLS.containsKey(name)) {
      refuse("Protocol", "must be tcp, udp or icmpv4");
    }
    return name == null ? null : PROTOCOLS.get(name);
  }

  /** A network counts more than an address beside it. */
  private End end(String side, @Nullable Protocol protocol) {
    String ip = text(side + "Ip");
    String cidr = text(side + "Cidr");
    if (ip != null && !IP.matcher(ip).matches()) {
      refuse(side + "Ip", "must be an address of IP version 4, such as 10.0.0.7");
    }
    String network = null;
    if (cidr != null) {
      network = network(cidr);
      if (network == null) {
        refuse(side + "Cidr", "must be a network of IP version 4, such as 10.0.0.0/24");
      }
    }
    String port = side + "Port";
    int number = (int) number(port, 1, MOST_PORT, 0);
    if (number > 0 && protocol == Protocol.ICMP) {
      refuse(port, "cannot be together with the protocol icmpv4, which has no ports");
    }
    return new End(network == null ? ip : network, number == 0 ? null : number);
  }

  /** A network without what is beyond its prefix; null if it is none. */
  private static @Nullable String network(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      return null;
    }
    int prefix = Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
    long address = 0;
    for (String part : matcher.group(1).split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(part);
    }
    address &= 0xFFFF_FFFFL << (32 - prefix);
    return "%d.%d.%d.%d/%d"
        .formatted(
            address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255, prefix);
  }

  private long number(String name, long least, long most, long otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    boolean readable = text.matches("\\d{1,18}");
    long number = readable ? Long.parseLong(text) : 0;
    if (!readable || number < least || number > most) {
      refuse(name, "must be a whole number from %d to %d".formatted(least, most));
      return otherwise;
    }
    return number;
  }

  /** A member as it is written; null if it is absent or nothing. */
  private @Nullable String text(String name) {
    JsonNode member = value.path(name);
    if (member.isMissingNode() || member.isNull()) {
      return null;
    }
    String text = member.isValueNode() ? member.asString() : member.toString();
    return text.isEmpty() ? null : text;
  }

  private void refuse(String name, String message) {
    JsonNode member = value.path(name);
    String text = member.isValueNode() ? member.asString() : member.toString();
    problems.accept(
        new Problem(ErrorCode.TCPDUMP_INVALID_VALUE, VALUE + "." + name, text, message));
  }
}
