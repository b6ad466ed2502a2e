package io.podyard.api;

/** The rows of {@link FieldTable} for the actions on data caches. */
final class DataCacheFields {

  private DataCacheFields() {}

  static void create(FieldTable.Rows rows) {
    both(rows);
    rows.works("Path");
    rows.ownerOfCache();
  }

  static void update(FieldTable.Rows rows) {
    both(rows);
    rows.works("DataCacheId");
    rows.owner();
  }

  static void copy(FieldTable.Rows rows) {
    rows.works(
        "Bucket",
        "ClientToken",
        "DataCacheId",
        "DestinationRegionId",
        "Name",
        "Path",
        "RegionId",
        "ResourceGroupId",
        "RetentionDays",
        "Tag.N.Key",
        "Tag.N.Value");
    rows.ownerOfCache();
  }

  private static void both(FieldTable.Rows rows) {
    rows.works(
        "Bucket",
        "ClientToken",
        "DataSource.Options.akId",
        "DataSource.Options.akSecret",
        "DataSource.Options.bucket",
        "DataSource.Options.options",
        "DataSource.Options.path",
        "DataSource.Options.pathStyle",
        "DataSource.Options.region",
        "DataSource.Options.repoId",
        "DataSource.Options.repoSource",
        "DataSource.Options.revision",
        "DataSource.Options.server",
        "DataSource.Options.snapshotId",
        "DataSource.Options.url",
        "DataSource.Options.vers",
        "DataSource.Type",
        "Name",
        "RegionId",
        "ResourceGroupId",
        "RetentionDays",
        "Size",
        "Tag.N.Key",
        "Tag.N.Value");
    rows.kept("DataSource.Options.otherOpts");
    rows.accepted(
        "hosts reach sources by their own network; it is stored with the cache, and no answer tells it",
        "SecurityGroupId",
        "VSwitchId");
    rows.refused(
        "hosts reach sources by their own network; there are no public addresses to give them",
        "EipCreateParam.Bandwidth",
        "EipCreateParam.CommonBandwidthPackage",
        "EipCreateParam.ISP",
        "EipCreateParam.InternetChargeType",
        "EipCreateParam.PublicIpAddressPoolId",
        "EipInstanceId");
  }
}
