package io.podyard.controlplane.door.rest;

import io.podyard.api.EciJson;
import io.podyard.api.wire.Required;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document of the door, made from its routes: what is written there and in the records
 * is what the door does, so the document cannot say anything else.
 */
final class ApiDocument {

  private static final String VERSION = "3.1.0";
  private static final String JSON = "application/json";
  private static final String BASIC = "accessKey";
  private static final String SIGNATURE = "signature";
  private static final String REQUEST_ID = "x-acs-request-id";
  private static final String CLIENT_TOKEN = "clientToken";

  private static final String ABOUT =
      """
      Podyard runs container groups on hosts of your own: hand it an image, it picks a host, pulls, \
      starts, watches, meters by the second and cleans up.

      Requests are authenticated by HTTP Basic, with the id of an access key as user name and its \
      secret as password, or by signature version 3 (`ACS3-HMAC-SHA256`) over the encoded path and \
      the body. Errors are problems as RFC 9457 has them, with the codes of the RPC protocol. Fields \
      that no operation lists are refused, not ignored.

      The same operations are offered in the wire protocol of Alibaba Cloud ECI, version 2018-08-08, \
      at `/`.\
      """;

  private static final List<Tag> TOPICS =
      List.of(
          topic(RouteText.GROUPS, "One or more containers that run together on one host."),
          topic(RouteText.CONTAINERS, "What one container wrote, and commands in it."),
          topic(RouteText.VOLUMES, "Disks, which outlive the container groups that have them."),
          topic(
              RouteText.IMAGE_CACHES,
              "Images that hosts hold, so that container groups start without a registry."),
          topic(RouteText.DATA_CACHES, "Data that hosts hold, so that container groups mount it."),
          topic(RouteText.TAGS, "Names and values that users give to their resources."),
          topic(RouteText.USAGE, "What was used and what it costs, exact to the last digit."),
          topic(RouteText.BILLS, "What was charged, month by month, and what it adds up to."),
          topic(RouteText.REGIONS, "Where groups can run."),
          topic(RouteText.ADMINISTRATION, "For the operator of the installation only."));

  private final Routes routes;
  private final DocumentTexts texts = new DocumentTexts();
  private final RecordSchemas schemas;

  ApiDocument(Routes routes) {
    this.routes = routes;
    this.schemas = new RecordSchemas(new ShownFields(routes.all()), texts);
  }

  DocumentTexts texts() {
    return texts;
  }

  /** The whole document. */
  OpenAPI write() {
    return writeInto(new OpenAPI());
  }

  /** Fills a document in; what it held of this is replaced. */
  OpenAPI writeInto(OpenAPI document) {
    Paths paths = new Paths();
    for (Route route : routes.all()) {
      PathItem item = paths.computeIfAbsent(route.path().text(), path -> new PathItem());
      item.operation(PathItem.HttpMethod.valueOf(route.method()), operation(route));
    }
    Components components =
        new Components()
            .addSecuritySchemes(
                BASIC,
                new SecurityScheme()
                    .type(SecurityScheme.Type.HTTP)
                    .scheme("basic")
                    .description("The id of an access key and its secret."))
            .addSecuritySchemes(
                SIGNATURE,
                new SecurityScheme()
                    .type(SecurityScheme.Type.APIKEY)
                    .in(SecurityScheme.In.HEADER)
                    .name("Authorization")
                    .description(
                        "`ACS3-HMAC-SHA256 Credential=...,SignedHeaders=...,Signature=...`, for"
                            + " programs that sign their requests."));
    schemas.all().forEach(components::addSchemas);
    return document
        .openapi(VERSION)
        .specVersion(SpecVersion.V31)
        .info(
            new Info()
                .title("Podyard")
                .version("1")
                .description(ABOUT)
                .license(new License().name("Apache License 2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/").description("This server")))
        .security(
            List.of(
                new SecurityRequirement().addList(BASIC),
                new SecurityRequirement().addList(SIGNATURE)))
        .tags(TOPICS)
        .paths(paths)
        .components(components);
  }

  private Operation operation(Route route) {
    Operation operation =
        new Operation()
            .operationId(route.operationId())
            .addTagsItem(route.text().topic())
            .summary(route.text().summary())
            .description(route.text().description())
            .responses(responses(route));
    Set<String> inPath = Set.copyOf(route.path().variables());
    for (RecordComponent component : route.requestType().getRecordComponents()) {
      if (inPath.contains(component.getName())) {
        operation.addParametersItem(required(parameter(route, component).in("path")));
      }
    }
    if (Fields.of(route.requestType()).named(CLIENT_TOKEN) != null) {
      operation.addParametersItem(idempotencyKey(route));
    }
    if (route.hasBody()) {
      return operation.requestBody(body(route));
    }
    ShownFields shown = new ShownFields(List.of(route));
    for (RecordComponent component : route.requestType().getRecordComponents()) {
      if (!inPath.contains(component.getName())
          && !component.getName().equals(CLIENT_TOKEN)
          && shown.isShown(route.requestType(), component)) {
        Parameter parameter = parameter(route, component).in("query");
        operation.addParametersItem(
            component.isAnnotationPresent(Required.class)
                ? required(parameter)
                : optional(route, parameter));
      }
    }
    return operation;
  }

  private Parameter parameter(Route route, RecordComponent component) {
    String name = component.getName();
    Fields.Field field = Fields.of(route.requestType()).named(name);
    // Parts have no form in a query; the one that there is, a tag, is a text there.
    Schema<?> schema =
        field != null && field.kind() == Fields.Kind.PARTS
            ? new JsonSchema()
                .types(Set.of("array"))
                .items(new JsonSchema().types(Set.of("string")))
            : schemas.field(route.requestType(), component, true).description(null);
    return new Parameter()
        .name(name)
        .description(texts.field(RecordSchemas.textName(route.requestType()), name))
        .schema(schema);
  }

  /** A parameter that a request cannot do without. */
  private Parameter required(Parameter parameter) {
    return shown(parameter.required(true), texts.example(parameter.getName()));
  }

  private Parameter optional(Route route, Parameter parameter) {
    String example =
        texts.optionalExample(RecordSchemas.textName(route.requestType()), parameter.getName());
    return example == null ? parameter : shown(parameter, example);
  }

  private static Parameter shown(Parameter parameter, String example) {
    boolean list = parameter.getSchema().getTypes().contains("array");
    return parameter.example(list ? List.of(example) : example);
  }

  private Parameter idempotencyKey(Route route) {
    return new Parameter()
        .in("header")
        .name("Idempotency-Key")
        .description(texts.field(RecordSchemas.textName(route.requestType()), CLIENT_TOKEN))
        .schema(new JsonSchema().types(Set.of("string")).maxLength(64));
  }

  private RequestBody body(Route route) {
    MediaType json = new MediaType().schema(schemas.request(route));
    String example = route.text().example();
    if (example != null) {
      json.example(EciJson.rest().readValue(example, Map.class));
    }
    return new RequestBody()
        .description(RecordSchemas.bodyText(route))
        .required(true)
        .content(new Content().addMediaType(JSON, json));
  }

  private ApiResponses responses(Route route) {
    ApiResponses responses = new ApiResponses();
    ApiResponse success =
        new ApiResponse().description(RecordSchemas.answerText(route)).content(answer(route));
    if (BillFile.class.isAssignableFrom(route.responseType())) {
      success.addHeaderObject(
          BillFile.LINES,
          new Header()
              .description(
                  "How many settled lines are on the bill, so that a client can tell how far it is.")
              .schema(new JsonSchema().types(Set.of("integer")).format("int64")));
    }
    responses.addApiResponse("200", success);
    new DocumentedErrors(texts, schemas.problem())
        .of(route)
        .forEach((status, response) -> responses.addApiResponse(status.toString(), response));
    for (ApiResponse response : responses.values()) {
      response.addHeaderObject(
          REQUEST_ID,
          new Header()
              .description("The id of the request; the server's log has it.")
              .schema(new JsonSchema().types(Set.of("string"))));
    }
    return responses;
  }

  private Content answer(Route route) {
    String example = route.text().answerExample();
    String streamed = streamedType(route);
    if (streamed != null) {
      Content content = new Content().addMediaType(streamed, streamed(example));
      return route.responseType() == BillFile.Lines.class
          ? content.addMediaType(BillFile.Lines.NDJSON, streamed(BillRoutes.LINE_AS_JSON))
          : content;
    }
    MediaType json = new MediaType().schema(schemas.answer(route));
    if (example != null) {
      json.example(EciJson.rest().readValue(example, Map.class));
    }
    return new Content().addMediaType(JSON, json);
  }

  private static MediaType streamed(@Nullable String example) {
    return new MediaType().schema(new JsonSchema().types(Set.of("string"))).example(example);
  }

  /** Of an answer that is no JSON, null for one that is. */
  private static @Nullable String streamedType(Route route) {
    if (BillFile.class.isAssignableFrom(route.responseType())) {
      return BillFile.Csv.MEDIA_TYPE;
    }
    return StreamedAnswer.class.isAssignableFrom(route.responseType())
        ? StreamedAnswer.MEDIA_TYPE
        : null;
  }

  private static Tag topic(String name, String description) {
    return new Tag().name(name).description(description);
  }
}
