package io.podyard.controlplane.app;

import io.podyard.controlplane.inventory.Declarations;
import io.podyard.controlplane.inventory.DeclaredBy;
import io.podyard.controlplane.inventory.DeclaredPools;
import io.podyard.controlplane.inventory.DeclaredZones;
import io.podyard.controlplane.inventory.HostDeclaration;
import io.podyard.controlplane.inventory.InvalidInventoryException;
import io.podyard.controlplane.inventory.InventoryPlan;
import io.podyard.controlplane.inventory.InventoryPlanReader;
import io.podyard.controlplane.inventory.PoolDeclaration;
import io.podyard.controlplane.inventory.Shards;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings the tables to what the inventory file declares: at the start, and whenever the file has
 * changed and two looks in a row read the same, since whoever writes it may not have ended. Hosts
 * that are not in it any more are let go. A file that cannot be understood, or that has no pools
 * where it had hosts, changes nothing; at the start it is an error. What cannot be done for now is
 * tried again.
 */
@Component
class InventoryFile {

  private static final Logger log = LoggerFactory.getLogger(InventoryFile.class);

  /** Of what was refused, so much is tried again at a time. */
  private static final int MOST_AGAIN = 100;

  private final @Nullable Path file;
  private final int shards;
  private final DeclaredZones zones;
  private final Declarations declarations;
  private final DeclaredPools pools;
  private @Nullable String applied;
  private @Nullable String refused;

  /** What the last look read if it was something else. */
  private @Nullable String unsure;

  private InventoryPlan plan = InventoryPlan.EMPTY;
  private final Map<PoolDeclaration, String> refusedPools = new LinkedHashMap<>();
  private final Map<HostDeclaration, String> refusedHosts = new LinkedHashMap<>();

  InventoryFile(
      PodyardSettings settings,
      DeclaredZones zones,
      Declarations declarations,
      DeclaredPools pools) {
    this.file = settings.inventory();
    this.shards = settings.shards();
    this.zones = zones;
    this.declarations = declarations;
    this.pools = pools;
  }

  /**
   * @throws IllegalStateException if the file cannot be read or understood
   */
  void readAtStart() {
    if (file == null) {
      return;
    }
    try {
      apply(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException(
          "PODYARD_INVENTORY: %s cannot be read: %s".formatted(file, e.getMessage()), e);
    } catch (InvalidInventoryException e) {
      throw new IllegalStateException(
          "PODYARD_INVENTORY: %s has %d mistakes:%n%s"
              .formatted(
                  file, e.problems().size(), String.join(System.lineSeparator(), e.problems())),
          e);
    }
  }

  /** Looks whether it has changed, and brings to an end what waited. */
  void look() {
    // With or without a file: a process with other settings may have taken a zone of these away.
    zones.renew();
    if (file == null) {
      return;
    }
    String text = "";
    try {
      text = Files.readString(file);
      if (text.equals(applied) || text.equals(refused)) {
        unsure = null;
        declareAgain();
      } else if (text.equals(unsure)) {
        apply(text);
      } else {
        unsure = text;
        declareAgain();
      }
    } catch (IOException e) {
      unsure = null;
      log.warn("the inventory file cannot be read, nothing is changed: {}", e.getMessage());
    } catch (InvalidInventoryException e) {
      refused = text;
      e.problems().forEach(problem -> log.error("inventory file, nothing is changed: {}", problem));
    }
    removePools();
  }

  private void apply(String text) {
    InventoryPlan next = InventoryPlanReader.read(text);
    List<HostId> before = declarations.hostsDeclaredBy(DeclaredBy.FILE);
    if (!next.namesPools() && !before.isEmpty()) {
      throw new InvalidInventoryException(
          List.of(
              "pools: is missing, and %d hosts were declared before; write pools: [] to let them go"
                  .formatted(before.size())));
    }
    zones.declareInFile(next.zones());
    refusedPools.clear();
    next.pools().forEach(this::declare);
    Set<HostDeclaration> unchanged = new HashSet<>(plan.hosts());
    unchanged.removeAll(refusedHosts.keySet());
    refusedHosts.clear();
    int changed = 0;
    for (HostDeclaration host : next.hosts()) {
      if (!unchanged.contains(host)) {
        changed++;
        declare(host);
      }
    }
    Set<HostId> declared =
        next.hosts().stream().map(HostDeclaration::id).collect(Collectors.toSet());
    List<HostId> gone = before.stream().filter(host -> !declared.contains(host)).toList();
    gone.forEach(host -> tell(declarations.remove(host, DeclaredBy.FILE)));
    plan = next;
    applied = text;
    log.info(
        "The inventory file declares {} pools and {} hosts: {} new or changed, {} let go",
        next.pools().size(),
        next.hosts().size(),
        changed,
        gone.size());
  }

  /** What was refused because of what is, such as groups on a host, until it is not any more. */
  private void declareAgain() {
    List.copyOf(refusedPools.keySet()).forEach(this::declare);
    refusedHosts.keySet().stream().limit(MOST_AGAIN).toList().forEach(this::declare);
  }

  private void declare(PoolDeclaration pool) {
    note(refusedPools, pool, pools.declare(pool, DeclaredBy.FILE));
  }

  private void declare(HostDeclaration host) {
    note(
        refusedHosts,
        host,
        declarations.declare(host, DeclaredBy.FILE, Shards.of(host.id(), shards)));
  }

  /** What is refused again goes to the end, and is told again if for another reason. */
  private static <T> void note(Map<T, String> refusals, T what, Optional<String> refusal) {
    String before = refusals.remove(what);
    refusal.ifPresent(why -> refusals.put(what, why));
    if (!Objects.equals(before, refusal.orElse(null))) {
      tell(refusal);
    }
  }

  /** Those that are not declared any more and have no hosts left. */
  private void removePools() {
    Set<PoolId> declared =
        plan.pools().stream().map(PoolDeclaration::id).collect(Collectors.toSet());
    pools.all().stream()
        .filter(pool -> pool.by() == DeclaredBy.FILE && pool.hosts() == 0)
        .map(pool -> pool.pool().id())
        .filter(pool -> !declared.contains(pool))
        .forEach(pool -> tell(pools.remove(pool, DeclaredBy.FILE)));
  }

  private static void tell(Optional<String> refusal) {
    refusal.ifPresent(why -> log.error("inventory file: {}", why));
  }
}
