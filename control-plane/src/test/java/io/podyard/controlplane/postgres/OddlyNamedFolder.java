package io.podyard.controlplane.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Folders with a long name that has in it what a shell would take for its own. */
final class OddlyNamedFolder implements TempDirFactory {

  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext) throws Exception {
    return Files.createTempDirectory("it's $HOME \"of\" `id` " + "x".repeat(90)).toRealPath();
  }
}
