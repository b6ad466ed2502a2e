package io.podyard.controlplane.inventory;

import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads an inventory file, YAML or JSON, whose pools and hosts have the fields of the API's
 * requests:
 *
 * <pre>{@code
 * zones:
 *   cn-hangzhou: [cn-hangzhou-b, cn-hangzhou-h]
 * pools:
 *   - poolId: gpu
 *     regionId: cn-hangzhou
 *     runtime: docker
 *     policy: fragmentation-aware
 *     hosts:
 *       - hostId: gpu-1
 *         zoneId: cn-hangzhou-b
 *         address: tcp://10.0.0.7:2376
 *         tlsFolder: /etc/podyard/tls
 *         gpus: 4
 *         gpuModel: A10
 *         labels: {disk: ssd}
 *         drain: {deadline: 2h, reason: new disks}
 * }</pre>
 *
 * <p>Anything else is refused, and all mistakes are reported at once, each with where it is.
 */
public final class InventoryPlanReader {

  /** More would only hide the first ones. */
  private static final int MOST_PROBLEMS = 100;

  private static final Set<String> TOP = Set.of("zones", "pools");
  private static final Set<String> POOL =
      Set.of(
          "poolId",
          "regionId",
          "runtime",
          "policy",
          "cpuOvercommit",
          "computeCategory",
          "cordoned",
          "drain",
          "hosts");
  private static final Set<String> HOST =
      Set.of(
          "hostId",
          "zoneId",
          "address",
          "tlsFolder",
          "cpu",
          "memory",
          "disk",
          "gpus",
          "gpuModel",
          "instanceType",
          "labels",
          "cordoned",
          "drain");
  private static final Set<String> DRAIN = Set.of("deadline", "reason");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final List<String> problems = new ArrayList<>();
  private final Map<RegionId, List<ZoneId>> zones = new LinkedHashMap<>();
  private final List<PoolDeclaration> pools = new ArrayList<>();
  private final List<HostDeclaration> hosts = new ArrayList<>();
  private final Map<String, String> seen = new HashMap<>();

  private InventoryPlanReader() {}

  /**
   * The plan in the text of a file; an empty text declares nothing.
   *
   * @throws InvalidInventoryException with every mistake and where it is
   */
  public static InventoryPlan read(String text) {
    InventoryPlanReader reader = new InventoryPlanReader();
    reader.root(parse(text));
    if (!reader.problems.isEmpty()) {
      throw new InvalidInventoryException(reader.problems);
    }
    return new InventoryPlan(reader.zones, reader.pools, reader.hosts);
  }

  private static JsonNode parse(String text) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidInventoryException(
          List.of(
              "line %d: %s"
                  .formatted(
                      e.getLocation().getLineNr(),
                      e.getOriginalMessage().lines().findFirst().orElse("this is not YAML"))));
    }
  }

  private void root(@Nullable JsonNode root) {
    if (root == null || root.isMissingNode() || root.isNull()) {
      return;
    }
    if (!isObject("the file", root, TOP)) {
      return;
    }
    JsonNode regions = root.path("zones");
    if (regions.isObject()) {
      regions.properties().forEach(entry -> zonesOf(entry.getKey(), entry.getValue()));
    } else if (!regions.isMissingNode()) {
      problem("zones", "must hold a list of zones for each region");
    }
    list("pools", root.path("pools"), this::pool);
  }

  private void zonesOf(String region, JsonNode names) {
    String at = "zones." + region;
    List<ZoneId> ids = new ArrayList<>();
    list(
        at,
        names,
        (where, name) -> {
          ZoneId id = new DeclarationReading(new OneField(where, name)).id("", ZoneId::new);
          if (id != null) {
            ids.add(id);
          }
        });
    try {
      zones.put(new RegionId(region), ids);
    } catch (IllegalArgumentException e) {
      problem(at, "names no region");
    }
  }

  private void pool(String at, JsonNode node) {
    if (!isObject(at, node, POOL)) {
      return;
    }
    DeclarationReading reading = new DeclarationReading(new NodeFields(at, node));
    PoolDeclaration pool = reading.pool("PoolId");
    if (pool != null) {
      pools.add(pool);
      once("pool " + pool.id(), at);
    }
    PoolId id = pool == null ? null : pool.id();
    Going going = going(at, node, reading.flag("Cordoned"));
    list(at + ".hosts", node.path("hosts"), (where, host) -> host(where, host, id, going));
  }

  /** Whether hosts are cordoned or drained, as far as something is said of it. */
  private record Going(@Nullable Boolean cordoned, @Nullable HostDrain drain) {

    /** What a host says of it stands in the place of what its pool says. */
    Going orOf(Going pool) {
      return cordoned == null && drain == null ? pool : this;
    }
  }

  private Going going(String at, JsonNode node, @Nullable Boolean cordoned) {
    String where = at + ".drain";
    JsonNode drain = node.path("drain");
    if (drain.isMissingNode() || drain.isNull() || !isObject(where, drain, DRAIN)) {
      return new Going(cordoned, null);
    }
    if (Boolean.FALSE.equals(cordoned)) {
      problem(where, "cannot be beside cordoned: false; nothing is placed on a host that drains");
    }
    return new Going(cordoned, new DeclarationReading(new NodeFields(where, drain)).drain());
  }

  private void host(String at, JsonNode node, @Nullable PoolId pool, Going ofPool) {
    if (!isObject(at, node, HOST)) {
      return;
    }
    DeclarationReading reading = new DeclarationReading(new NodeFields(at, node));
    HostDeclaration host = reading.host("HostId", pool);
    Going own = going(at, node, host == null ? null : host.cordoned());
    if (host != null) {
      Going going = own.orOf(ofPool);
      hosts.add(host.going(going.cordoned(), going.drain()));
      once("host " + host.id(), at);
    }
  }

  private void once(String what, String at) {
    String before = seen.putIfAbsent(what, at);
    if (before != null) {
      problem(at, "%s is declared at %s already".formatted(what, before));
    }
  }

  private interface Entry {
    void read(String at, JsonNode node);
  }

  private void list(String at, JsonNode node, Entry entry) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        entry.read("%s[%d]".formatted(at, i), node.get(i));
      }
    } else if (!node.isMissingNode() && !node.isNull()) {
      problem(at, "must be a list");
    }
  }

  private boolean isObject(String at, JsonNode node, Set<String> names) {
    if (!node.isObject()) {
      problem(at, "must have the fields " + sorted(names));
      return false;
    }
    Set<String> unknown = new HashSet<>(node.propertyNames());
    unknown.removeAll(names);
    unknown.stream()
        .sorted()
        .forEach(name -> problem(at + "." + name, "is no field; there are " + sorted(names)));
    return true;
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  private void problem(String at, String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(at + ": " + what);
    }
  }

  /** The fields of an object. */
  private final class NodeFields implements DeclaredFields {

    private final String at;
    private final JsonNode node;
    private final Set<String> refused = new HashSet<>();

    NodeFields(String at, JsonNode node) {
      this.at = at;
      this.node = node;
    }

    @Override
    public @Nullable String text(String name) {
      JsonNode value = node.path(key(name));
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (name.equals("Labels") && value.isObject()) {
        return value.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asString(""))
            .collect(Collectors.joining(","));
      }
      if (!value.isValueNode()) {
        refuse(name, null, "must be a single value");
        return null;
      }
      String text = value.asString("");
      return text.isEmpty() ? null : text;
    }

    @Override
    public void refuse(String name, @Nullable String value, String message) {
      if (refused.add(name)) {
        String shown = value == null ? "" : " is '" + value + "' and";
        problem(at + "." + key(name) + shown, message);
      }
    }

    private static String key(String name) {
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
  }

  /** A value without a name of its own. */
  private final class OneField implements DeclaredFields {

    private final String at;
    private final JsonNode value;

    OneField(String at, JsonNode value) {
      this.at = at;
      this.value = value;
    }

    @Override
    public @Nullable String text(String name) {
      return value.isValueNode() ? value.asString("") : null;
    }

    @Override
    public void refuse(String name, @Nullable String refused, String message) {
      problem(at, message);
    }
  }
}
