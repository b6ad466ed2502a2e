package io.podyard.bench;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Signed, durable creates through the RPC door: how many a second, and how long one takes. */
public final class CreateThroughput {

  /**
   * What was measured.
   *
   * @param refused answers 503, not counted as created
   */
  public record Result(long created, long refused, double perSecond, double p50Ms, double p99Ms) {}

  private final URI endpoint;
  private final String accessKeyId;
  private final String secret;

  public CreateThroughput(URI endpoint, String accessKeyId, String secret) {
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
    this.secret = secret;
  }

  /** Creates as fast as that many clients can for that long. */
  public Result run(int clients, Duration time) {
    LongAdder created = new LongAdder();
    LongAdder refused = new LongAdder();
    List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    long start = System.nanoTime();
    long end = start + time.toNanos();
    // Closed in reverse order: the client must outlive its threads.
    try (PodyardClient client =
            new PodyardClient(endpoint, accessKeyId, secret, SignatureVersion.V1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(
            () -> {
              while (System.nanoTime() < end) {
                long sent = System.nanoTime();
                try {
                  CreateContainerGroupResponse _ =
                      client.call(
                          Action.CREATE_CONTAINER_GROUP,
                          request(),
                          CreateContainerGroupResponse.class);
                  created.increment();
                  nanos.add(System.nanoTime() - sent);
                } catch (PodyardCallException e) {
                  if (e.httpStatus() != 503) {
                    throw e;
                  }
                  refused.increment();
                }
              }
            });
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Long> sorted = nanos.stream().sorted().toList();
    return new Result(
        created.sum(),
        refused.sum(),
        created.sum() / seconds,
        quantile(sorted, 0.5),
        quantile(sorted, 0.99));
  }

  private static double quantile(List<Long> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) ((sorted.size() - 1) * share)) / 1e6;
  }

  private static CreateContainerGroupRequest request() {
    return CreateContainerGroupRequest.builder()
        .containerGroupName("bench")
        .clientToken(UUID.randomUUID().toString())
        .cpu(new BigDecimal("0.25"))
        .memory(new BigDecimal("0.5"))
        .container(
            List.of(
                ContainerRequest.builder()
                    .name("one")
                    .image("bench:1")
                    .command(List.of("sleep", "3600"))
                    .build()))
        .build();
  }
}
