package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.template.CreateContainerGroupFromTemplateRequest;
import io.podyard.api.template.CreateContainerGroupFromTemplateResponse;
import io.podyard.api.template.ExportContainerGroupTemplateRequest;
import io.podyard.api.template.ExportContainerGroupTemplateResponse;
import io.podyard.api.template.UpdateContainerGroupByTemplateRequest;
import io.podyard.api.template.UpdateContainerGroupByTemplateResponse;
import io.podyard.controlplane.template.Templates;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on templates, which only old SDKs have. */
@Configuration(proxyBeanMethods = false)
class TemplateOperations {

  @Bean
  Operation<ExportContainerGroupTemplateRequest, ExportContainerGroupTemplateResponse>
      exportContainerGroupTemplate(Templates templates) {
    return new Operation<>(
        Action.EXPORT_CONTAINER_GROUP_TEMPLATE,
        ExportContainerGroupTemplateRequest.class,
        ExportContainerGroupTemplateResponse.class,
        templates::export);
  }

  @Bean
  Operation<CreateContainerGroupFromTemplateRequest, CreateContainerGroupFromTemplateResponse>
      createContainerGroupFromTemplate(Templates templates) {
    return new Operation<>(
        Action.CREATE_CONTAINER_GROUP_FROM_TEMPLATE,
        CreateContainerGroupFromTemplateRequest.class,
        CreateContainerGroupFromTemplateResponse.class,
        templates::create);
  }

  @Bean
  Operation<UpdateContainerGroupByTemplateRequest, UpdateContainerGroupByTemplateResponse>
      updateContainerGroupByTemplate(Templates templates) {
    return new Operation<>(
        Action.UPDATE_CONTAINER_GROUP_BY_TEMPLATE,
        UpdateContainerGroupByTemplateRequest.class,
        UpdateContainerGroupByTemplateResponse.class,
        templates::update);
  }
}
