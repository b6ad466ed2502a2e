package io.podyard.controlplane.instancetype;

import io.podyard.controlplane.settings.PodyardSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InstanceTypesConfiguration {

  private static final Logger log = LoggerFactory.getLogger(InstanceTypesConfiguration.class);

  @Bean
  InstanceTypes instanceTypes(PodyardSettings settings) {
    InstanceTypes types = InstanceTypes.of(settings.instanceTypes());
    log.info("{} instance types are known", types.all().size());
    return types;
  }
}
