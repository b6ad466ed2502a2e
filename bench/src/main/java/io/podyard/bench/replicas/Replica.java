package io.podyard.bench.replicas;

import io.podyard.api.PodyardClient;
import io.podyard.bench.CreateLoad;
import io.podyard.bench.Server;
import java.nio.file.Path;
import java.util.Map;

/** One server with its clients, and what it may take of the processors. */
record Replica(Server server, PodyardClient client, ProcessorQuota quota, CreateLoad load)
    implements AutoCloseable {

  static Replica start(Path data, Map<String, String> settings, int clients) {
    Server server = Server.start(data, settings);
    PodyardClient client = server.client();
    return new Replica(
        server, client, ProcessorQuota.of(server.pid()), new CreateLoad(client, clients));
  }

  @Override
  public void close() {
    client.close();
    server.close();
    quota.close();
  }
}
