package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.ACCOUNT_ARREARAGE;
import static io.podyard.api.ErrorCode.DISK_NUMBER_LIMIT_EXCEED;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_IN_SAME_ZONE;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_DISK_ID_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_CPU_MEMORY;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_VOLUME_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC;
import static io.podyard.api.ErrorCode.INVALID_VSWITCH_ID_IP_NOT_ENOUGH;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_NO_STOCK;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.SPOT_NOT_MATCHED;
import static io.podyard.api.ErrorCode.ZONE_NOT_ON_SALE;

import io.podyard.api.Action;
import io.podyard.api.template.ExportContainerGroupTemplateRequest;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.template.Templates;
import io.podyard.model.RegionId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Groups as documents. */
@Configuration(proxyBeanMethods = false)
class TemplateRoutes {

  private static final String ALL = "/container-group-templates";

  private static final String EXAMPLE =
      """
      {
        "template": "{\\"ContainerGroupName\\":\\"hello\\",\\"Spec\\":{\\"Containers\\":[{\\"Name\\":\\"web\\",\\"Image\\":\\"nginx:1.29\\"}]}}"
      }
      """;

  @Bean
  Route exportContainerGroupTemplateRoute(Templates templates, Regions regions) {
    return Route.own(
        Action.EXPORT_CONTAINER_GROUP_TEMPLATE.wireName(),
        "GET",
        ALL + "/{containerGroupId}",
        ExportContainerGroupTemplateRequest.class,
        TemplateResponse.class,
        (caller, fields) -> {
          RegionId region = regions.read(fields.text("RegionId"), fields::add);
          String id = fields.required("ContainerGroupId");
          OwnGroups.checkId(id, fields::add);
          return () -> new TemplateResponse(Templates.text(templates.template(caller, region, id)));
        },
        RouteText.of(
                RouteText.GROUPS,
                "Export a container group as a template",
                """
                A JSON document of which an equal group can be made. Secrets are not in it: \
                passwords of registries, contents of configuration files and hidden values have to \
                be put in before.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route createContainerGroupFromTemplateRoute(Operations operations) {
    return Route.of(
        operations,
        Action.CREATE_CONTAINER_GROUP_FROM_TEMPLATE,
        "POST",
        ALL + "/create",
        RouteText.of(
                RouteText.GROUPS,
                "Create a container group from a template",
                """
                As creating a group with the parameters that the template stands for. What is wrong \
                is named by its place in the template.\
                """)
            .errors(
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INVALID_PARAMETER_DUPLICATED_NAME,
                INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
                INVALID_PARAMETER_CPU_MEMORY,
                INVALID_DISK_ID_NOT_FOUND,
                DISK_NUMBER_LIMIT_EXCEED,
                DISK_VOLUME_NOT_IN_SAME_ZONE,
                DISK_VOLUME_NOT_SUPPORT,
                INCORRECT_STATUS,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                OPERATION_DENIED_NO_STOCK,
                OPERATION_DENIED_VSW_ZONE_MISMATCH,
                INVALID_VSWITCH_ID_IP_NOT_ENOUGH,
                QUOTA_EXCEEDED,
                ACCOUNT_ARREARAGE,
                INVALID_SPOT_CPU_MEMORY_SPEC,
                SPOT_NOT_MATCHED,
                ZONE_NOT_ON_SALE)
            .example(EXAMPLE));
  }

  @Bean
  Route updateContainerGroupByTemplateRoute(Operations operations) {
    return Route.of(
        operations,
        Action.UPDATE_CONTAINER_GROUP_BY_TEMPLATE,
        "POST",
        ALL + "/update",
        RouteText.of(
                RouteText.GROUPS,
                "Change a container group by a template",
                """
                Makes the live group of the name in the template what the template says, as an \
                update of type `RenewUpdate`. What an update cannot change has to be left out or be \
                as it is.\
                """)
            .errors(GroupRoutes.UPDATE_ERRORS)
            .example(EXAMPLE));
  }
}
