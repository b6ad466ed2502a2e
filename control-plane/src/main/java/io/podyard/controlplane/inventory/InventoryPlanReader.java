package io.podyard.controlplane.inventory;

import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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

  private final InventoryNodes nodes = new InventoryNodes();
  private final Map<RegionId, List<ZoneId>> zones = new LinkedHashMap<>();
  private final List<PoolDeclaration> pools = new ArrayList<>();
  private final List<HostDeclaration> hosts = new ArrayList<>();
  private final Map<String, String> seen = new HashMap<>();
  private boolean namesPools;

  private InventoryPlanReader() {}

  /**
   * The plan in the text of a file; an empty text declares nothing.
   *
   * @throws InvalidInventoryException with every mistake and where it is
   */
  public static InventoryPlan read(String text) {
    InventoryPlanReader reader = new InventoryPlanReader();
    reader.root(InventoryNodes.parse(text));
    reader.nodes.check();
    return new InventoryPlan(reader.zones, reader.pools, reader.hosts, reader.namesPools);
  }

  private void root(@Nullable JsonNode root) {
    if (root == null || root.isMissingNode() || root.isNull()) {
      return;
    }
    if (!nodes.isObject("the file", root, TOP)) {
      return;
    }
    JsonNode regions = root.path("zones");
    if (regions.isObject()) {
      regions.properties().forEach(entry -> zonesOf(entry.getKey(), entry.getValue()));
    } else if (!regions.isMissingNode()) {
      nodes.problem("zones", "must hold a list of zones for each region");
    }
    namesPools = root.path("pools").isArray();
    nodes.list("pools", root.path("pools"), this::pool);
  }

  private void zonesOf(String region, JsonNode names) {
    String at = "zones." + region;
    List<ZoneId> ids = new ArrayList<>();
    nodes.list(
        at,
        names,
        (where, name) -> {
          ZoneId id = new DeclarationReading(nodes.value(where, name)).id("", ZoneId::new);
          if (id != null) {
            ids.add(id);
          }
        });
    try {
      zones.put(new RegionId(region), ids);
    } catch (IllegalArgumentException e) {
      nodes.problem(at, "names no region");
    }
  }

  private void pool(String at, JsonNode node) {
    if (!nodes.isObject(at, node, POOL)) {
      return;
    }
    DeclarationReading reading = new DeclarationReading(nodes.fields(at, node));
    PoolDeclaration pool = reading.pool("PoolId");
    if (pool != null) {
      pools.add(pool);
      once("pool " + pool.id(), at);
    }
    PoolId id = pool == null ? null : pool.id();
    Going going = going(at, node, reading.flag("Cordoned"));
    nodes.list(at + ".hosts", node.path("hosts"), (where, host) -> host(where, host, id, going));
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
    if (drain.isMissingNode() || drain.isNull() || !nodes.isObject(where, drain, DRAIN)) {
      return new Going(cordoned, null);
    }
    if (Boolean.FALSE.equals(cordoned)) {
      nodes.problem(
          where, "cannot be beside cordoned: false; nothing is placed on a host that drains");
    }
    return new Going(cordoned, new DeclarationReading(nodes.fields(where, drain)).drain());
  }

  private void host(String at, JsonNode node, @Nullable PoolId pool, Going ofPool) {
    if (!nodes.isObject(at, node, HOST)) {
      return;
    }
    DeclarationReading reading = new DeclarationReading(nodes.fields(at, node));
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
      nodes.problem(at, "%s is declared at %s already".formatted(what, before));
    }
  }
}
