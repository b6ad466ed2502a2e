package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.PlacementPolicy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what operators say of pools and hosts, the same in a file and in a request. Every problem
 * is noted; what is returned is of use only if none was.
 */
public final class DeclarationReading {

  /** The runtimes that pools can have. */
  public static final List<String> RUNTIMES = List.of("docker", "simulated");

  /** What hosts of a pool can be sold as (contract section 6), the first if nothing is said. */
  private static final List<String> COMPUTE_CATEGORIES = List.of("general", "economy");

  /** As long as a drain can take. */
  public static final Duration LONGEST_DRAIN = Duration.ofDays(30);

  private static final int LONGEST_REASON = 256;
  private static final int MOST_OVERCOMMIT = 100;
  private static final int LONGEST_TEXT = 128;
  private static final int MOST_LABELS = 64;
  private static final BigDecimal MOST_VCPU = new BigDecimal(100_000);
  private static final BigDecimal MOST_GIB = new BigDecimal(1_000_000);
  private static final BigDecimal MILLI = new BigDecimal(1000);
  private static final BigDecimal MIB = new BigDecimal(1024);

  private final DeclaredFields fields;

  public DeclarationReading(DeclaredFields fields) {
    this.fields = fields;
  }

  /** The pool of that id; null after a problem was noted. */
  public @Nullable PoolDeclaration pool(String idField) {
    PoolId id = id(idField, PoolId::new);
    RegionId region = id("RegionId", RegionId::new);
    String runtime = choice("Runtime", RUNTIMES, null);
    String policy =
        choice(
            "Policy",
            Arrays.stream(PlacementPolicy.values()).map(DeclarationReading::name).toList(),
            name(PlacementPolicy.BEST_FIT));
    Integer overcommit = whole("CpuOvercommit", 1, MOST_OVERCOMMIT, 1);
    String category = choice("ComputeCategory", COMPUTE_CATEGORIES, COMPUTE_CATEGORIES.getFirst());
    if (id == null
        || region == null
        || runtime == null
        || policy == null
        || overcommit == null
        || category == null) {
      return null;
    }
    return new PoolDeclaration(id, region, runtime, policy(policy), overcommit, category);
  }

  /** A policy's name as operators write it, such as {@code best-fit}. */
  public static String name(PlacementPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static PlacementPolicy policy(String name) {
    return PlacementPolicy.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The host of that id in a pool; null after a problem was noted. */
  public @Nullable HostDeclaration host(String idField, @Nullable PoolId pool) {
    HostId id = id(idField, HostId::new);
    ZoneId zone = id("ZoneId", ZoneId::new);
    String address = address();
    BigDecimal vcpu = decimal("Cpu", MOST_VCPU);
    BigDecimal memoryGib = decimal("Memory", MOST_GIB);
    BigDecimal diskGib = decimal("Disk", MOST_GIB);
    boolean saysGpus = fields.text("Gpus") != null;
    Integer gpus = whole("Gpus", 0, GpuRequest.MOST, 0);
    String model = shortText("GpuModel");
    if (gpus != null && (gpus == 0) != model.isEmpty()) {
      fields.refuse(
          "GpuModel",
          model.isEmpty() ? null : model,
          "must be given where there are GPUs, and not where there are none");
    }
    String instanceType = shortText("InstanceType");
    List<String> labels = labels();
    Boolean cordoned = flag("Cordoned");
    if (id == null || zone == null || pool == null || gpus == null) {
      return null;
    }
    return new HostDeclaration(
        id,
        pool,
        zone,
        address,
        shortText("TlsFolder"),
        vcpu == null ? null : MilliCpu.of(rounded(vcpu.multiply(MILLI))),
        memoryGib == null ? null : MemoryMib.of(rounded(memoryGib.multiply(MIB))),
        diskGib == null ? 0 : rounded(diskGib.multiply(MIB)),
        saysGpus ? gpus : null,
        model,
        instanceType,
        labels,
        cordoned);
  }

  /** An id that must be there. */
  public <T> @Nullable T id(String name, Function<String, T> type) {
    String value = fields.text(name);
    if (value == null) {
      fields.refuse(name, null, "is missing");
      return null;
    }
    try {
      return type.apply(value);
    } catch (IllegalArgumentException e) {
      fields.refuse(
          name, value, "must be 1 to 128 letters, digits, hyphens, underscores and points");
      return null;
    }
  }

  private @Nullable String choice(String name, List<String> choices, @Nullable String absent) {
    String value = fields.text(name);
    if (value == null && absent != null) {
      return absent;
    }
    if (value == null || !choices.contains(value)) {
      fields.refuse(
          name, value, "must be one of " + choices.stream().collect(Collectors.joining(", ")));
      return null;
    }
    return value;
  }

  private @Nullable Integer whole(String name, int least, int most, int absent) {
    String value = fields.text(name);
    if (value == null) {
      return absent;
    }
    if (!value.matches("[0-9]{1,6}")
        || Integer.parseInt(value) < least
        || Integer.parseInt(value) > most) {
      fields.refuse(name, value, "must be a whole number from %d to %d".formatted(least, most));
      return null;
    }
    return Integer.valueOf(value);
  }

  private @Nullable BigDecimal decimal(String name, BigDecimal most) {
    String value = fields.text(name);
    if (value == null) {
      return null;
    }
    if (value.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")) {
      BigDecimal number = new BigDecimal(value);
      if (number.signum() > 0 && number.compareTo(most) <= 0) {
        return number;
      }
    }
    fields.refuse(name, value, "must be a number above 0 and at most " + most.toPlainString());
    return null;
  }

  private static int rounded(BigDecimal number) {
    return number.setScale(0, RoundingMode.DOWN).intValueExact();
  }

  private String shortText(String name) {
    String value = fields.text(name);
    if (value != null && value.length() > LONGEST_TEXT) {
      fields.refuse(name, value, "must have at most %d characters".formatted(LONGEST_TEXT));
    }
    return value == null ? "" : value;
  }

  private String address() {
    String value = fields.text("Address");
    if (value == null) {
      return "";
    }
    try {
      URI uri = URI.create(value);
      boolean socket = "unix".equals(uri.getScheme()) && uri.getPath() != null;
      boolean tcp = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
      if (value.length() <= LONGEST_TEXT && (socket || tcp)) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    fields.refuse("Address", value, "must be like unix:///var/run/docker.sock or tcp://host:2376");
    return "";
  }

  private List<String> labels() {
    String value = fields.text("Labels");
    if (value == null) {
      return List.of();
    }
    List<String> labels = Arrays.stream(value.split(",")).map(String::strip).toList();
    if (labels.size() > MOST_LABELS
        || labels.stream().anyMatch(label -> !label.matches("[A-Za-z0-9._/-]{1,63}=[^=,]{0,63}"))) {
      fields.refuse(
          "Labels",
          value,
          "must be at most %d labels like disk=ssd with commas between them"
              .formatted(MOST_LABELS));
      return List.of();
    }
    return labels;
  }

  /** By when a host is to be empty; null after a problem was noted. */
  @Nullable HostDrain drain() {
    String deadline = fields.text("Deadline");
    if (deadline == null) {
      fields.refuse("Deadline", null, "is missing");
    }
    String reason = fields.text("Reason");
    if (reason != null && reason.length() > LONGEST_REASON) {
      fields.refuse("Reason", reason, "must have at most %d characters".formatted(LONGEST_REASON));
    }
    Duration within = deadline == null ? null : duration(deadline);
    return within == null ? null : new HostDrain(within, reason);
  }

  private @Nullable Duration duration(String text) {
    if (text.matches("[0-9]{1,7}[smhd]")) {
      long count = Long.parseLong(text.substring(0, text.length() - 1));
      Duration duration =
          switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (duration.compareTo(LONGEST_DRAIN) <= 0) {
        return duration;
      }
    }
    fields.refuse(
        "Deadline",
        text,
        "must be a time like 90s, 30m, 2h or 7d, at most %dd".formatted(LONGEST_DRAIN.toDays()));
    return null;
  }

  /** Yes, no, or nothing said; a problem is noted if it is something else. */
  @Nullable Boolean flag(String name) {
    String value = fields.text(name);
    if (value == null) {
      return null;
    }
    if (!value.equals("true") && !value.equals("false")) {
      fields.refuse(name, value, "must be true or false");
      return null;
    }
    return value.equals("true");
  }
}
