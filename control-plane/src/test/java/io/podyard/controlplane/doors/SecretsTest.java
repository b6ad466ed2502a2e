package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.podyard.api.Action;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.RequestToSign;
import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Texts that must come out nowhere go in everywhere they may. */
class SecretsTest {

  private static final String PASSWORD = "cAnArY-password";
  private static final String VARIABLE = "cAnArY-variable";
  private static final String FILE = "cAnArY-file";
  private static final String COMMAND = "cAnArY-command";
  private static final String FILE_ON_THE_WIRE =
      Base64.getEncoder().encodeToString(FILE.getBytes(StandardCharsets.UTF_8));

  private static final List<String> CANARIES =
      List.of("cAnArY", FILE_ON_THE_WIRE, Base64.getEncoder().encodeToString(bytes("cAnArY-")));

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(
              event.getLoggerName()
                  + ": "
                  + event.getFormattedMessage()
                  + event.getMDCPropertyMap()
                  + (event.getThrowableProxy() == null
                      ? ""
                      : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
      };

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Logger logger(String name) {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(name);
  }

  @BeforeEach
  void listenToTheLog() {
    appender.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    appender.start();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    logger("io.podyard").setLevel(Level.TRACE);
    logger("org.springframework.jdbc").setLevel(Level.DEBUG);
  }

  @AfterEach
  void leaveTheLog() {
    logger("org.springframework.jdbc").setLevel(null);
    logger("io.podyard").setLevel(null);
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    appender.stop();
  }

  private static Map<String, String> secretive(String line, String... more) {
    Map<String, String> create =
        Groups.shell(
            line,
            "ImageRegistryCredential.1.Server=registry.test",
            "ImageRegistryCredential.1.UserName=user",
            "ImageRegistryCredential.1.Password=" + PASSWORD,
            "Container.1.EnvironmentVar.1.Key=HIDDEN",
            "Container.1.EnvironmentVar.1.Value=" + VARIABLE,
            "Container.1.EnvironmentVarHide=true",
            "Container.1.VolumeMount.1.Name=files",
            "Container.1.VolumeMount.1.MountPath=/files",
            "Volume.1.Name=files",
            "Volume.1.Type=ConfigFileVolume",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path=secret.txt",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=" + FILE_ON_THE_WIRE);
    create.putAll(Groups.parameters(more));
    return create;
  }

  @Test
  void secretsComeOutNowhere() throws IOException {
    String running = groups.create(secretive("sleep infinity", "ClientToken=secret"));
    String failing =
        groups.create(secretive("exit 1", "Container.1.Image=registry.test/pull-denied:1"));
    String over = groups.create(secretive("exit 1", "RestartPolicy=Never"));
    groups.untilStatus(running, "Running");
    groups.untilStatus(over, "Failed");
    groups.until(failing, "cannot fetch", g -> groups.reasons(failing).contains("BackOff"));
    groups.delete(over);
    groups.untilGone(over);

    assertSilent("answers", EciJson.rpc().writeValueAsString(groups.list("WithEvent=true")));
    assertThat(groups.container(running, "main").environmentVars())
        .singleElement()
        .satisfies(
            variable -> {
              assertThat(variable.key()).isEqualTo("HIDDEN");
              assertThat(variable.value()).isNull();
            });
    assertSilent(
        "events",
        EciJson.rpc()
            .writeValueAsString(
                groups.call(
                    Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
                    DescribeContainerGroupEventsResponse.class)));
    assertSilent("a log", groups.log(running, "main"));

    refuse(secretive("true", "ContainerGroupName=-"));
    refuse(secretive("true", "ClientToken=secret"));
    refuse(secretive("true", "ImageRegistryCredential.1.Password=" + PASSWORD.repeat(2_000)));
    refuse(secretive("true", "Container.1.EnvironmentVar.1.Value=" + VARIABLE.repeat(50)));
    refuse(secretive("true", "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=" + FILE + "!"));
    groups.call(
        Action.EXEC_CONTAINER_COMMAND,
        ExecContainerCommandResponse.class,
        "ContainerGroupId=" + running,
        "ContainerName=main",
        "Sync=true",
        "Command=[\"" + COMMAND + "\"]");

    assertDatabaseIsSilent();
    assertSilent("the log", String.join("\n", logged));
    assertThat(logged)
        .as("the log was listened to")
        .anyMatch(line -> line.contains("runs a command in container main of " + running));
    assertSilent("the log of the hosts", Files.readString(server.hostsLog()));

    groups.delete(running, "Force=true");
    groups.delete(failing, "Force=true");
    groups.untilGone(running);
    groups.untilGone(failing);
    assertDatabaseIsSilent();
  }

  @Test
  void aWrongSignatureIsNotAnsweredWithTheSecretsItWasMadeOver() throws Exception {
    TestServer.Key wrong = new TestServer.Key(key.account(), key.id(), "not the secret");
    Map<String, String> misspelled =
        Groups.shell("true", "ImageRegistryCredential.1.Pasword=" + PASSWORD);
    Map<String, String> exec =
        Groups.parameters(
            "ContainerGroupId=eci-1", "ContainerName=main", "Command=[\"" + COMMAND + "\"]");
    for (SignatureVersion version : SignatureVersion.values()) {
      PodyardClient client = server.client(wrong, version);
      assertMismatch(client, Action.CREATE_CONTAINER_GROUP, secretive("true"));
      assertMismatch(client, Action.CREATE_CONTAINER_GROUP, misspelled);
      assertMismatch(client, Action.EXEC_CONTAINER_COMMAND, exec);
    }
    String body =
        "{\"imageRegistryCredential\":[{\"server\":\"s\",\"password\":\"%s\"}]}"
            .formatted(PASSWORD);
    for (String path :
        List.of("/v1/container-groups", "/v1/container-groups?password=" + PASSWORD)) {
      HttpResponse<String> answer = signed(wrong, path, body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
      assertThat(answer.body()).contains("SignatureDoesNotMatch");
      assertSilent("an answer to " + path, answer.body());
    }
    assertSilent("the log", String.join("\n", logged));
  }

  private static void assertMismatch(
      PodyardClient client, Action action, Map<String, String> parameters) {
    assertThatThrownBy(() -> client.call(action, parameters, action.responseType()))
        .isInstanceOfSatisfying(
            PodyardCallException.class,
            refused -> {
              assertThat(refused.errorCode()).contains(ErrorCode.SIGNATURE_DOES_NOT_MATCH);
              assertThat(refused.getMessage()).containsPattern("[0-9a-f]{64}");
              assertSilent("an answer to " + parameters.keySet(), refused.getMessage());
            });
  }

  /** Sends a request of the REST door, signed by version 3. */
  private HttpResponse<String> signed(TestServer.Key by, String pathAndQuery, String json)
      throws IOException, InterruptedException {
    URI address = server.endpoint().resolve(pathAndQuery);
    String query = address.getQuery();
    Map<String, List<String>> headers = new TreeMap<>();
    headers.put("x-acs-date", List.of(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    headers.put("x-acs-signature-nonce", List.of(UUID.randomUUID().toString()));
    headers.put("x-acs-content-sha256", List.of(RequestToSign.sha256(bytes(json))));
    RequestToSign toSign =
        RequestToSign.of(
            "POST",
            address.getPath(),
            query == null
                ? List.of()
                : List.of(Map.entry(query.replaceAll("=.*", ""), query.replaceAll(".*=", ""))),
            headers,
            bytes(json));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("Authorization", Acs3Signature.authorize(toSign, by.id(), by.secret()).header())
            .POST(HttpRequest.BodyPublishers.ofString(json));
    headers.forEach((name, values) -> request.header(name, values.getFirst()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private void refuse(Map<String, String> create) {
    PodyardCallException refused = groups.refusal(Action.CREATE_CONTAINER_GROUP, create);
    assertThat(refused.httpStatus()).isEqualTo(400);
    assertSilent("a refusal", refused.getMessage());
  }

  /** Every row of every table, as a dump would have it. */
  private void assertDatabaseIsSilent() {
    List<String> tables =
        server
            .jdbc()
            .queryForList(
                """
                select quote_ident(tablename) from pg_tables where schemaname = 'public'
                """,
                String.class);
    assertThat(tables).contains("container_group", "container_group_history", "group_event");
    for (String table : tables) {
      assertSilent(
          "table " + table,
          String.join(
              "\n",
              server
                  .jdbc()
                  .queryForList("select t::text from %s t".formatted(table), String.class)));
    }
  }

  private static void assertSilent(String where, String text) {
    for (String canary : CANARIES) {
      assertThat(text.contains(canary)).as("%s holds %s", where, canary).isFalse();
    }
  }
}
