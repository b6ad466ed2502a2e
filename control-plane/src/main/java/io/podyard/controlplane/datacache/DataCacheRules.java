package io.podyard.controlplane.datacache;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.datacache.CopyDataCacheRequest;
import io.podyard.api.datacache.CreateDataCacheRequest;
import io.podyard.api.datacache.DataSourceOptionsRequest;
import io.podyard.api.datacache.DataSourceRequest;
import io.podyard.api.datacache.UpdateDataCacheRequest;
import io.podyard.controlplane.containergroup.Findings;
import io.podyard.controlplane.containergroup.NetworkRules;
import io.podyard.controlplane.containergroup.OwnerFields;
import io.podyard.controlplane.containergroup.TextForms;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.runtime.DataSourceOptions;
import io.podyard.runtime.DataSourceReading;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What requests for caches may say (contract section 14); everything wrong is found at once. */
final class DataCacheRules {

  static final String DEFAULT_BUCKET = "default";

  private static final String RESERVED_BUCKET = "eci-system";
  private static final Pattern ID = Pattern.compile("edc-[0-9a-z]{20}");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** With the bucket it is in an index, which takes no longer texts. */
  private static final int LONGEST_PATH = 512;

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_OPTION = 4096;
  private static final int DEFAULT_GIB = 20;

  /** As the largest disk (contract section 10). */
  private static final int LARGEST_GIB = 32768;

  /** A hundred years. */
  private static final int MOST_DAYS = 36_500;

  /** How a reason names the option that it is about. */
  private static final Pattern ABOUT_OPTION =
      Pattern.compile("options? (\\w+) (.*)", Pattern.DOTALL);

  private final Findings findings = new Findings();
  private final NetworkRules network = new NetworkRules(findings);

  List<Problem> problems() {
    return findings.problems();
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Of no use if there are problems. */
  DataCacheWish read(CreateDataCacheRequest asked) {
    clientToken(asked.clientToken());
    StoredSource source = source(asked.dataSource());
    if (source == null && asked.dataSource() == null) {
      findings.missing("DataSource.Type");
    }
    if (asked.path() == null || asked.path().isEmpty()) {
      findings.missing("Path");
    }
    return new DataCacheWish(
        or(bucket(asked.bucket()), DEFAULT_BUCKET),
        or(path(asked.path()), "/"),
        name(asked.name()),
        or(number("Size", asked.size(), LARGEST_GIB), DEFAULT_GIB),
        source == null ? new StoredSource("", new TreeMap<>()) : source,
        number("RetentionDays", asked.retentionDays(), MOST_DAYS),
        network.identifier("ResourceGroupId", asked.resourceGroupId()),
        DataCacheWish.Kept.of(
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
  DataCacheChange read(UpdateDataCacheRequest asked) {
    clientToken(asked.clientToken());
    if (asked.dataCacheId() == null || asked.dataCacheId().isEmpty()) {
      findings.missing("DataCacheId");
    }
    cacheId(asked.dataCacheId());
    return new DataCacheChange(
        bucket(asked.bucket()),
        name(asked.name()),
        number("Size", asked.size(), LARGEST_GIB),
        source(asked.dataSource()),
        number("RetentionDays", asked.retentionDays(), MOST_DAYS),
        network.identifier("ResourceGroupId", asked.resourceGroupId()),
        network.identifier("SecurityGroupId", asked.securityGroupId()),
        network.vSwitchIds(asked.vSwitchId()),
        TagRules.CREATING.read(asked.tag(), findings::add));
  }

  /**
   * What is asked of a copy; what it takes over of the cache that it is made from is null, and its
   * size is no matter. Of no use if there are problems.
   */
  DataCacheCopyWish read(CopyDataCacheRequest asked) {
    clientToken(asked.clientToken());
    cacheId(asked.dataCacheId());
    return new DataCacheCopyWish(
        or(asked.dataCacheId(), ""),
        bucket(asked.bucket()),
        path(asked.path()),
        name(asked.name()),
        number("RetentionDays", asked.retentionDays(), MOST_DAYS),
        network.identifier("ResourceGroupId", asked.resourceGroupId()),
        DataCacheWish.Kept.of(
            null,
            List.of(),
            new OwnerFields(
                asked.ownerAccount(),
                asked.ownerId(),
                asked.resourceOwnerAccount(),
                asked.resourceOwnerId())),
        TagRules.CREATING.read(asked.tag(), findings::add));
  }

  void clientToken(@Nullable String token) {
    TokenClaim.problemOf(token).ifPresent(findings::add);
  }

  void missing(String parameter) {
    findings.missing(parameter);
  }

  void cacheId(@Nullable String id) {
    if (id != null && !id.isEmpty() && !isId(id)) {
      findings.invalid("DataCacheId", id, "is not the id of a data cache");
    }
  }

  /** Null if there is none. */
  @Nullable String bucket(@Nullable String bucket) {
    if (bucket == null || bucket.isEmpty()) {
      return null;
    }
    if (bucket.length() > 63 || !BUCKET.matcher(bucket).matches()) {
      findings.invalid(
          "Bucket",
          bucket,
          "must be at most 63 lower-case letters, digits and '-', with no '-' at an end");
    } else if (bucket.equals(RESERVED_BUCKET)) {
      findings.invalid("Bucket", bucket, "is reserved");
    }
    return bucket;
  }

  /** In its plain form; null if there is none. */
  @Nullable String path(@Nullable String path) {
    if (path == null || path.isEmpty()) {
      return null;
    }
    if (findings.tooLong("Path", path, LONGEST_PATH)) {
      return null;
    }
    if (!TextForms.isAbsolutePath(path) || TextForms.normalized(path).equals("/")) {
      findings.invalid("Path", path, "must be an absolute path such as /models/one, without '..'");
      return null;
    }
    return TextForms.normalized(path);
  }

  private @Nullable String name(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!findings.tooLong("Name", name, LONGEST_NAME)
        && name.chars().anyMatch(Character::isISOControl)) {
      findings.invalid("Name", name, "must be 1 to 128 characters on one line");
    }
    return name;
  }

  private @Nullable Integer number(String parameter, @Nullable Integer given, int most) {
    if (given != null && (given < 1 || given > most)) {
      findings.outOfRange(parameter, given, "must be from 1 to " + most);
    }
    return given;
  }

  private @Nullable StoredSource source(@Nullable DataSourceRequest asked) {
    if (asked == null) {
      return null;
    }
    String type = asked.type();
    if (type == null || type.isEmpty()) {
      findings.missing("DataSource.Type");
      return null;
    }
    if (!DataSourceOptions.TYPES.contains(type)) {
      findings.invalid(
          "DataSource.Type", type, "must be one of " + String.join(", ", DataSourceOptions.TYPES));
      return null;
    }
    int before = findings.problems().size();
    SortedMap<String, String> options = options(asked.options());
    if (findings.problems().size() > before) {
      return null;
    }
    return switch (DataSourceOptions.read(type, options)) {
      case DataSourceReading.Understood _ -> new StoredSource(type, options);
      case DataSourceReading.Refused(List<String> reasons) -> {
        reasons.forEach(this::refused);
        yield null;
      }
    };
  }

  private void refused(String reason) {
    Matcher about = ABOUT_OPTION.matcher(reason);
    if (!about.matches()) {
      findings.invalid("DataSource.Options", null, reason);
    } else if (about.group(2).equals("is missing")) {
      findings.missing("DataSource.Options." + about.group(1));
    } else {
      findings.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER, "DataSource.Options." + about.group(1), about.group(2)));
    }
  }

  private SortedMap<String, String> options(@Nullable DataSourceOptionsRequest asked) {
    SortedMap<String, String> options = new TreeMap<>();
    if (asked == null) {
      return options;
    }
    put(options, "url", asked.url());
    put(options, "repoSource", asked.repoSource());
    put(options, "repoId", asked.repoId());
    put(options, "revision", asked.revision());
    put(options, "bucket", asked.bucket());
    put(options, "path", asked.path());
    put(options, "akId", asked.akId());
    put(options, "akSecret", asked.akSecret());
    put(options, "region", asked.region());
    put(options, "pathStyle", asked.pathStyle());
    put(options, "otherOpts", asked.otherOpts());
    put(options, "server", asked.server());
    put(options, "vers", asked.vers());
    put(options, "options", asked.options());
    put(options, StoredSource.SNAPSHOT_ID, asked.snapshotId());
    return options;
  }

  private void put(SortedMap<String, String> options, String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return;
    }
    String parameter = "DataSource.Options." + name;
    if (!findings.tooLong(parameter, value, LONGEST_OPTION)
        && value.chars().anyMatch(Character::isISOControl)) {
      findings.invalid(parameter, null, "must be on one line");
    }
    options.put(name, value);
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
