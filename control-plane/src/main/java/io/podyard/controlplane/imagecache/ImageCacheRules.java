package io.podyard.controlplane.imagecache;

import io.podyard.api.Problem;
import io.podyard.api.imagecache.CreateImageCacheRequest;
import io.podyard.api.imagecache.UpdateImageCacheRequest;
import io.podyard.controlplane.containergroup.Findings;
import io.podyard.controlplane.containergroup.ImageNames;
import io.podyard.controlplane.containergroup.NetworkRules;
import io.podyard.controlplane.containergroup.OwnerFields;
import io.podyard.controlplane.containergroup.RegistryRules;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.tag.TagRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What requests for caches may say (contract section 13); everything wrong is found at once. */
final class ImageCacheRules {

  private static final int MOST_IMAGES = 100;
  private static final int DEFAULT_GIB = 20;

  /** As the largest disk (contract section 10). */
  private static final int LARGEST_GIB = 32768;

  private static final int LONGEST_NAME = 128;

  /** A hundred years. */
  private static final int MOST_DAYS = 36_500;

  /** The contract advises one for a thousand groups. */
  private static final int MOST_COPIES = 1000;

  static final String LRU = "LRU";

  private final Findings findings = new Findings();
  private final RegistryRules registries = new RegistryRules(findings);
  private final NetworkRules network = new NetworkRules(findings);

  List<Problem> problems() {
    return findings.problems();
  }

  /** Of no use if there are problems. */
  CacheWish read(CreateImageCacheRequest asked) {
    clientToken(asked.clientToken());
    if (asked.imageCacheName() == null || asked.imageCacheName().isEmpty()) {
      findings.missing("ImageCacheName");
    }
    if (asked.image().isEmpty()) {
      findings.missing("Image");
    }
    Boolean flash = asked.flash();
    return new CacheWish(
        or(name(asked.imageCacheName()), ""),
        new CacheWish.Content(
            images("Image", asked.image()),
            or(number("ImageCacheSize", asked.imageCacheSize(), LARGEST_GIB), DEFAULT_GIB),
            Boolean.TRUE.equals(flash),
            or(number("FlashCopyCount", asked.flashCopyCount(), MOST_COPIES), 1),
            or(number("StandardCopyCount", asked.standardCopyCount(), MOST_COPIES), 1)),
        new RegistryAccess(
            registries.credentials(asked.imageRegistryCredential()),
            registries.registries("PlainHttpRegistry", asked.plainHttpRegistry()),
            registries.registries("InsecureRegistry", asked.insecureRegistry())),
        elimination(asked.eliminationStrategy()),
        number("RetentionDays", asked.retentionDays(), MOST_DAYS),
        network.identifier("ResourceGroupId", asked.resourceGroupId()),
        network.identifier("ZoneId", asked.zoneId()),
        CacheWish.Kept.of(
            network.identifier("SecurityGroupId", asked.securityGroupId()),
            network.vSwitchIds(asked.vSwitchId()),
            new OwnerFields(
                asked.ownerAccount(),
                asked.ownerId(),
                asked.resourceOwnerAccount(),
                asked.resourceOwnerId())),
        TagRules.CREATING.read(asked.tag(), findings::add));
  }

  /** Of no use if there are problems. */
  CacheChange read(UpdateImageCacheRequest asked) {
    clientToken(asked.clientToken());
    cacheId(asked.imageCacheId());
    return new CacheChange(
        name(asked.imageCacheName()),
        images("Image", asked.image()),
        number("ImageCacheSize", asked.imageCacheSize(), LARGEST_GIB),
        asked.flash(),
        number("FlashCopyCount", asked.flashCopyCount(), MOST_COPIES),
        number("StandardCopyCount", asked.standardCopyCount(), MOST_COPIES),
        registries.credentials(asked.imageRegistryCredential()),
        otherElimination(asked.eliminationStrategy()),
        number("RetentionDays", asked.retentionDays(), MOST_DAYS),
        network.identifier("ResourceGroupId", asked.resourceGroupId()),
        network.identifier("SecurityGroupId", asked.securityGroupId()),
        network.vSwitchIds(asked.vSwitchId()),
        TagRules.CREATING.read(asked.tag(), findings::add));
  }

  void clientToken(@Nullable String token) {
    TokenClaim.problemOf(token).ifPresent(findings::add);
  }

  void cacheId(@Nullable String id) {
    if (id != null && !id.isEmpty() && !ImageCacheIds.isId(id)) {
      findings.invalid("ImageCacheId", id, "is not the id of an image cache");
    }
  }

  /** Names of images, each once. */
  List<String> images(String list, List<String> asked) {
    if (asked.size() > MOST_IMAGES) {
      findings.tooMany(list, asked.size(), MOST_IMAGES);
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      String parameter = list + "." + (i + 1);
      String name = asked.get(i);
      if (findings.tooLong(parameter, name, ImageNames.LONGEST)) {
        continue;
      }
      if (!ImageNames.isName(name)) {
        findings.invalid(
            parameter, name, "must be the name of an image: [registry[:port]/]path[:tag][@digest]");
      } else if (!names.add(KnownImage.of(name).text())) {
        findings.invalid(parameter, name, "must be given once");
      }
    }
    return asked;
  }

  private @Nullable String name(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!findings.tooLong("ImageCacheName", name, LONGEST_NAME)
        && name.chars().anyMatch(Character::isISOControl)) {
      findings.invalid("ImageCacheName", name, "must be 1 to 128 characters on one line");
    }
    return name;
  }

  private @Nullable String elimination(@Nullable String strategy) {
    if (strategy == null || strategy.isEmpty()) {
      return null;
    }
    if (!strategy.equals(LRU)) {
      findings.invalid("EliminationStrategy", strategy, "must be LRU, or left out");
    }
    return strategy;
  }

  /** Of a cache that there is, an empty one takes away what it has. */
  private @Nullable String otherElimination(@Nullable String strategy) {
    if (strategy == null || strategy.isEmpty()) {
      return strategy;
    }
    // How one SDK sends what is not set (contract section 2.1).
    return strategy.equals("undefined") ? null : elimination(strategy);
  }

  private @Nullable Integer number(String parameter, @Nullable Integer given, int most) {
    if (given != null && (given < 1 || given > most)) {
      findings.outOfRange(parameter, given, "must be from 1 to " + most);
    }
    return given;
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
