package io.podyard.controlplane.app;

import io.podyard.controlplane.inventory.Declarations;
import io.podyard.controlplane.inventory.DeclaredBy;
import io.podyard.controlplane.inventory.HostDeclaration;
import io.podyard.controlplane.inventory.InvalidInventoryException;
import io.podyard.controlplane.inventory.Inventory;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings the tables to what the inventory file declares: at the start, and whenever the file has
 * changed. Hosts that are not in it any more are let go. A file that cannot be understood changes
 * nothing; at the start it is an error.
 */
@Component
class InventoryFile {

  private static final Logger log = LoggerFactory.getLogger(InventoryFile.class);

  private final @Nullable Path file;
  private final int shards;
  private final Inventory inventory;
  private final Declarations declarations;
  private @Nullable String applied;
  private @Nullable String refused;
  private InventoryPlan plan = InventoryPlan.EMPTY;

  InventoryFile(PodyardSettings settings, Inventory inventory, Declarations declarations) {
    this.file = settings.inventory();
    this.shards = settings.shards();
    this.inventory = inventory;
    this.declarations = declarations;
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
    if (file == null) {
      return;
    }
    try {
      String text = Files.readString(file);
      if (!text.equals(applied) && !text.equals(refused)) {
        refused = text;
        apply(text);
      }
    } catch (IOException e) {
      log.warn("the inventory file cannot be read, nothing is changed: {}", e.getMessage());
    } catch (InvalidInventoryException e) {
      e.problems().forEach(problem -> log.error("inventory file, nothing is changed: {}", problem));
    }
    removePools();
  }

  private void apply(String text) {
    InventoryPlan next = InventoryPlanReader.read(text);
    next.zones().forEach(inventory::addZones);
    for (PoolDeclaration pool : next.pools()) {
      tell(declarations.declare(pool, DeclaredBy.FILE));
    }
    Set<HostDeclaration> unchanged = new HashSet<>(plan.hosts());
    int changed = 0;
    for (HostDeclaration host : next.hosts()) {
      if (!unchanged.contains(host)) {
        changed++;
        tell(declarations.declare(host, DeclaredBy.FILE, Shards.of(host.id(), shards)));
      }
    }
    Set<HostId> declared =
        next.hosts().stream().map(HostDeclaration::id).collect(Collectors.toSet());
    List<HostId> gone =
        declarations.hostsDeclaredBy(DeclaredBy.FILE).stream()
            .filter(host -> !declared.contains(host))
            .toList();
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

  /** Those that are not declared any more and have no hosts left. */
  private void removePools() {
    Set<PoolId> declared =
        plan.pools().stream().map(PoolDeclaration::id).collect(Collectors.toSet());
    declarations.pools().stream()
        .filter(pool -> pool.by() == DeclaredBy.FILE && pool.hosts() == 0)
        .map(pool -> pool.pool().id())
        .filter(pool -> !declared.contains(pool))
        .forEach(pool -> tell(declarations.removePool(pool, DeclaredBy.FILE)));
  }

  private static void tell(Optional<String> refusal) {
    refusal.ifPresent(why -> log.error("inventory file: {}", why));
  }
}
