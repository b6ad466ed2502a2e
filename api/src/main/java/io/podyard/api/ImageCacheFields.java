package io.podyard.api;

import java.util.List;

/** The rows of {@link FieldTable} for making and changing image caches. */
final class ImageCacheFields {

  private ImageCacheFields() {}

  static void create(FieldTable.Rows rows) {
    both(rows);
    rows.works("InsecureRegistry", "PlainHttpRegistry", "ZoneId");
    rows.ownerOfCache();
    rows.refused("the contract does not say what they are", "Annotations");
    rows.refused(
        "the vendor's registries do not exist here; give ImageRegistryCredential",
        "AcrRegistryInfo.N.ArnService",
        "AcrRegistryInfo.N.ArnUser");
    rows.refusedUnless(List.of("Linux"), "only Linux is accepted", "OsType");
  }

  static void update(FieldTable.Rows rows) {
    both(rows);
    rows.works("ImageCacheId");
    rows.owner();
  }

  private static void both(FieldTable.Rows rows) {
    rows.works(
        "ClientToken",
        "EliminationStrategy",
        "Flash",
        "FlashCopyCount",
        "Image.N",
        "ImageCacheName",
        "ImageCacheSize",
        "ImageRegistryCredential.N.Password",
        "ImageRegistryCredential.N.Server",
        "ImageRegistryCredential.N.UserName",
        "RegionId",
        "ResourceGroupId",
        "RetentionDays",
        "StandardCopyCount",
        "Tag.N.Key",
        "Tag.N.Value");
    rows.accepted(
        "hosts reach registries by their own network; it is stored with the cache, and no answer tells it",
        "SecurityGroupId",
        "VSwitchId");
    rows.accepted(
        "content that is there already is not fetched again, asked for or not",
        "AutoMatchImageCache");
    rows.refused(
        "hosts reach registries by their own network; there are no public addresses to give them",
        "EipInstanceId");
    rows.refused(
        "the vendor's registries do not exist here; give ImageRegistryCredential",
        "AcrRegistryInfo.N.Domain.N",
        "AcrRegistryInfo.N.InstanceId",
        "AcrRegistryInfo.N.InstanceName",
        "AcrRegistryInfo.N.RegionId");
  }
}
