package io.podyard.runtime.docker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An image with this machine's {@code tcpdump} and the libraries that it needs. */
public final class TcpdumpImage {

  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");
  private static @Nullable TestImage made;

  private TcpdumpImage() {}

  /** The image, made once; skips the test where there is no tcpdump. */
  public static synchronized TestImage make() {
    TestImage image = made;
    if (image == null) {
      image = read(program());
      made = image;
    }
    return image;
  }

  private static Path program() {
    Optional<Path> program =
        List.of("/usr/bin/tcpdump", "/usr/sbin/tcpdump").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      EngineForTests.skip("tcpdump", "there is no tcpdump to make an image of");
    }
    return program.orElseThrow();
  }

  private static TestImage read(Path program) {
    try {
      Map<String, byte[]> files = new HashMap<>();
      files.put("bin/tcpdump", Files.readAllBytes(program));
      files.put("etc/passwd", "root:x:0:0::/:/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
      Process ldd = new ProcessBuilder("ldd", program.toString()).start();
      String needs = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher library = LIBRARY.matcher(needs);
      while (library.find()) {
        files.put(library.group(1).substring(1), Files.readAllBytes(Path.of(library.group(1))));
      }
      String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      return TestImage.ofFiles(architecture, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
