package io.podyard.runtime.simulated;

import io.podyard.runtime.Handler;
import java.util.List;

/** As much of a check as a simulated host looks at. */
enum CheckKind {
  EXEC,
  HTTP,
  TCP;

  static CheckKind of(Handler handler) {
    return switch (handler) {
      case Handler.Exec _ -> EXEC;
      case Handler.HttpGet _ -> HTTP;
      case Handler.TcpSocket _ -> TCP;
    };
  }

  /** Empty unless it is a command. */
  static List<String> command(Handler handler) {
    return handler instanceof Handler.Exec(List<String> command) ? command : List.of();
  }
}
