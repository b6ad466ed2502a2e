package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.Action;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageResponse;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.billing.ChargeLine;
import io.podyard.billing.Item;
import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.CostSoFar;
import io.podyard.controlplane.usage.GroupCosts;
import io.podyard.controlplane.usage.GroupUsage;
import io.podyard.controlplane.usage.Usage;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.controlplane.volume.VolumeListing;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Temporary storage beyond what is free is priced, metered and billed; the stock SDK asks for it.
 */
class StorageBillingTest {

  private static final String PRICE = "0.00000058";
  private static final Size SIZE = Size.of(2000, 4096);

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "16vCPU/64GiB")
                .with("podyard.example-prices", "true"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String create(StockSdk sdk, int storage) throws ClientException {
    return sdk.common(
            "CreateContainerGroup",
            "ContainerGroupName=stores",
            "Cpu=2",
            "Memory=4",
            "EphemeralStorage=" + storage,
            "Container.1.Name=main",
            "Container.1.Image=registry.test/shell:1")
        .path("ContainerGroupId")
        .asString();
  }

  private List<UsageInterval> intervals(String id) {
    return server.bean(Usage.class).intervals(key.account(), new ContainerGroupId(id));
  }

  private static BigDecimal perSecond(int storage) {
    return new BigDecimal("0.00012252")
        .add(new BigDecimal(PRICE).multiply(BigDecimal.valueOf(storage)));
  }

  @ParameterizedTest
  @EnumSource
  void whatAGroupBuysIsInItsPriceItsMeterAndItsCharges(StockSdk.Signed signed) throws Exception {
    StockSdk sdk = new StockSdk(server, key, signed);
    JsonNode price =
        sdk.common("DescribeContainerGroupPrice", "Cpu=2", "Memory=4", "EphemeralStorage=20")
            .path("PriceInfo")
            .path("Price");
    assertThat(new BigDecimal(price.path("TradePrice").asString()))
        .isEqualByComparingTo(perSecond(20));
    JsonNode part = price.path("DetailInfos").path("DetailInfo").get(2);
    assertThat(part.path("Resource").asString()).isEqualTo("ephemeralStorage");
    assertThat(new BigDecimal(part.path("TradePrice").asString()))
        .isEqualByComparingTo("0.0000116");

    Instant before = Instant.now();
    String id = create(sdk, 20);
    groups.untilStatus(id, "Running");
    assertThat(intervals(id))
        .extracting(UsageInterval::metered)
        .containsExactly(new Metered(SIZE, 0, Tariff.STANDARD, 20));
    CostSoFar cost =
        server
            .bean(GroupCosts.class)
            .soFar(
                key.account(),
                List.of(
                    new GroupCosts.Asked(
                        new ContainerGroupId(id),
                        new RegionId("cn-hangzhou"),
                        null,
                        intervals(id).getFirst().metered())))
            .getFirst();
    assertThat(cost)
        .isInstanceOfSatisfying(
            CostSoFar.Priced.class,
            priced -> assertThat(priced.perSecond().amount()).isEqualByComparingTo(perSecond(20)));

    JsonNode _ =
        sdk.common("ResizeContainerGroupEphemeralStorage", "ContainerGroupId=" + id, "NewSize=50");
    assertThat(intervals(id))
        .extracting(interval -> interval.metered().storageGib())
        .containsExactly(20, 50);
    assertThat(intervals(id).getLast().start()).isEqualTo(intervals(id).getFirst().end());
    Waiting.during(Duration.ofSeconds(1), () -> intervals(id).size() == 2);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertThat(intervals(id)).hasSize(2);

    Period period = new Period(before, Instant.now().plusSeconds(1));
    GroupUsage usage =
        server
            .bean(Usage.class)
            .ofGroup(key.account(), new ContainerGroupId(id), period)
            .groups()
            .getFirst();
    BigDecimal expected = BigDecimal.ZERO;
    for (UsageInterval interval : usage.intervals()) {
      long seconds =
          Duration.between(interval.start(), Objects.requireNonNull(interval.end())).toSeconds();
      expected =
          expected.add(
              perSecond(interval.metered().storageGib()).multiply(BigDecimal.valueOf(seconds)));
    }
    assertThat(usage.lines())
        .filteredOn(line -> line.item().code().equals("ephemeral-storage"))
        .extracting(ChargeLine::quantity)
        .last()
        .isEqualTo(new BigDecimal("50"));
    assertThat(usage.amounts().getFirst().amount()).isEqualByComparingTo(expected);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void whereItHasNoPriceItIsRefusedAndTheFreePartIsNot() throws Exception {
    StockSdk sdk = new StockSdk(server, key, StockSdk.Signed.BY_DEFAULT);
    String had = create(sdk, 5);
    groups.untilStatus(had, "Running");
    server
        .jdbc()
        .update(
            """
            update price set valid_to = date_trunc('second', now()) + interval '1 s'
            where item = 'ephemeral-storage'
            """);
    Waiting.until("the end of the price is seen", () -> !isSold(sdk));
    StockSdk.assertRefused("Zone.NotOnSale", () -> create(sdk, 1));
    StockSdk.assertRefused(
        "Zone.NotOnSale",
        () ->
            sdk.common(
                "ResizeContainerGroupEphemeralStorage", "ContainerGroupId=" + had, "NewSize=6"));
    assertThat(groups.get(had).ephemeralStorage()).isEqualTo(5);
    String free = create(sdk, 0);
    groups.untilStatus(free, "Running");
    groups.delete(had, "Force=true");
    groups.delete(free, "Force=true");
    server
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            select region, item, currency, per_second, valid_to from price
            where item = 'ephemeral-storage'
            """);
    Waiting.until("its successor is seen", () -> isSold(sdk));
  }

  private static boolean isSold(StockSdk sdk) {
    try {
      JsonNode _ =
          sdk.common("DescribeContainerGroupPrice", "Cpu=2", "Memory=4", "EphemeralStorage=1");
      return true;
    } catch (ClientException refused) {
      assertThat(refused.getErrCode()).isEqualTo("Zone.NotOnSale");
      return false;
    }
  }

  @Test
  void aDiskIsMeteredFromItsFirstHostToItsDeletionWhoeverHasIt() throws Exception {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Tag.1.Key=team",
                "Tag.1.Value=disks",
                "Volume.1.Name=data",
                "Volume.1.Type=FlexVolume",
                "Volume.1.FlexVolume.Driver=alicloud/disk",
                "Volume.1.FlexVolume.Options={\"volumeSize\":20}",
                "Container.1.VolumeMount.1.Name=data",
                "Container.1.VolumeMount.1.MountPath=/data"));
    groups.untilStatus(id, "Running");
    VolumeListing volumes = server.bean(VolumeListing.class);
    RegionId region = new RegionId("cn-hangzhou");
    String disk = volumes.page(key.account(), region, null, 10).getFirst().id();
    assertThat(intervals(disk))
        .extracting(UsageInterval::metered)
        .containsExactly(Metered.volume(20));
    assertThat(intervals(id))
        .extracting(interval -> interval.metered().storageGib())
        .containsExactly(0);
    ResizeContainerGroupVolumeResponse _ =
        groups.call(
            Action.RESIZE_CONTAINER_GROUP_VOLUME,
            ResizeContainerGroupVolumeResponse.class,
            "ContainerGroupId=" + id,
            "VolumeName=data",
            "NewSize=30");
    assertThat(intervals(disk))
        .extracting(UsageInterval::metered)
        .containsExactly(Metered.volume(20), Metered.volume(30));
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertThat(intervals(disk).getLast().isOpen()).as("it costs without a group").isTrue();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();

    Waiting.until("a second of it", () -> priced(disk).signum() > 0);
    volumes.delete(key.account(), disk);
    Instant now = Instant.now();
    Period all = new Period(now.minusSeconds(600), now);
    assertThat(server.bean(Usage.class).total(key.account(), all, new UsageTag("team", "disks")))
        .as("it has the tags of the group that made it")
        .isEqualTo(server.bean(Usage.class).total(key.account(), all));
    assertThat(intervals(disk)).hasSize(2).noneMatch(UsageInterval::isOpen);
    assertThat(intervals(disk))
        .extracting(UsageInterval::account, UsageInterval::region)
        .containsOnly(tuple(key.account(), region));
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void aDiskOfAnImageCacheIsMeteredLikeItsGroupAsFarAsItIsNeitherFreeNorBought() throws Exception {
    Instant before = Instant.now();
    String small = startedFrom(cache(30));
    assertThat(intervals(small + ".imc")).isEmpty();
    String id = startedFrom(cache(40), "EphemeralStorage=4");
    UsageInterval first = intervals(id).getFirst();
    assertThat(intervals(id + ".imc"))
        .extracting(UsageInterval::metered, UsageInterval::start, UsageInterval::account)
        .containsExactly(tuple(Metered.imageCacheUse(36), first.start(), key.account()));

    for (int bought : List.of(7, 12)) {
      Object _ =
          groups.call(
              Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
              ResizeContainerGroupEphemeralStorageResponse.class,
              "ContainerGroupId=" + id,
              "NewSize=" + bought);
      Waiting.until("a second of it", () -> passed(intervals(id).getLast()));
    }
    groups.delete(id, "Force=true");
    groups.delete(small, "Force=true");
    groups.untilGone(id);
    List<UsageInterval> disk = intervals(id + ".imc");
    assertThat(disk)
        .extracting(UsageInterval::metered)
        .containsExactly(Metered.imageCacheUse(36), Metered.imageCacheUse(33));
    assertThat(disk)
        .extracting(UsageInterval::end)
        .containsExactly(intervals(id).get(0).end(), intervals(id).get(1).end());

    GroupUsage usage =
        server
            .bean(Usage.class)
            .ofGroup(
                key.account(),
                new ContainerGroupId(id + ".imc"),
                new Period(before, Instant.now().plusSeconds(1)))
            .groups()
            .getFirst();
    assertThat(usage.lines()).extracting(ChargeLine::item).containsOnly(Item.IMAGE_CACHE_USE);
    BigDecimal expected = BigDecimal.ZERO;
    for (UsageInterval interval : disk) {
      long gibSeconds =
          Duration.between(interval.start(), Objects.requireNonNull(interval.end())).toSeconds()
              * interval.metered().storageGib();
      expected = expected.add(new BigDecimal(PRICE).multiply(BigDecimal.valueOf(gibSeconds)));
    }
    assertThat(expected).isPositive();
    assertThat(usage.amounts().getFirst().amount()).isEqualByComparingTo(expected);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private static boolean passed(UsageInterval interval) {
    return Instant.now().isAfter(interval.start().plusSeconds(1));
  }

  private String startedFrom(String cache, String... more) {
    List<String> wishes = new ArrayList<>(List.of(more));
    wishes.add("ImageSnapshotId=" + cache);
    String id = groups.create(Groups.shell("sleep infinity", wishes.toArray(String[]::new)));
    groups.untilStatus(id, "Running");
    return id;
  }

  private String cache(int gib) {
    String id =
        Objects.requireNonNull(
            groups
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    CreateImageCacheResponse.class,
                    "ImageCacheName=disk",
                    "Image.1=registry.test/shell:1",
                    "ImageCacheSize=" + gib)
                .imageCacheId());
    Waiting.until(
        "the cache",
        () ->
            groups
                .call(
                    Action.DESCRIBE_IMAGE_CACHES,
                    DescribeImageCachesResponse.class,
                    "ImageCacheId=" + id)
                .imageCaches()
                .stream()
                .allMatch(cache -> "Ready".equals(cache.status())));
    return id;
  }

  /** What something cost of item volume. */
  private BigDecimal priced(String id) {
    return server
        .bean(Usage.class)
        .ofGroup(
            key.account(),
            new ContainerGroupId(id),
            new Period(Instant.now().minusSeconds(600), Instant.now()))
        .groups()
        .stream()
        .flatMap(usage -> usage.lines().stream())
        .filter(line -> line.item().equals(Item.VOLUME))
        .map(line -> line.amount().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
