package io.podyard.controlplane.door.exec;

import io.podyard.api.EciJson;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a client sends, message by message, each in whatever parts it arrives: input goes on to the
 * command at once and is waited for until it is taken, so that no message has to fit into memory.
 */
final class ExecInput {

  private static final int LONGEST_CONTROL = 1024;
  private static final int LARGEST_SIDE = 65_535;

  private final ExecSession session;
  private final boolean closesChannels;
  private final ByteArrayOutputStream control = new ByteArrayOutputStream();
  private @Nullable Byte channel;

  /**
   * @param closesChannels whether the client speaks version 5
   */
  ExecInput(ExecSession session, boolean closesChannels) {
    this.session = session;
    this.closesChannels = closesChannels;
  }

  /** A client says what it may not. */
  static final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
      super(message);
    }
  }

  /**
   * Takes a part of a message.
   *
   * @param last whether the message ends with it
   */
  void part(ByteBuffer bytes, boolean last) throws ProtocolException {
    Byte here = channel;
    if (here == null) {
      if (!bytes.hasRemaining()) {
        return; // a message without a channel says nothing
      }
      here = bytes.get();
      channel = here;
    }
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    if (here == ExecChannels.STDIN) {
      if (rest.length > 0) {
        session.write(rest);
      }
    } else if (control.size() + rest.length > LONGEST_CONTROL) {
      throw new ProtocolException(
          "a message on channel %d has at most %d bytes"
              .formatted(Byte.toUnsignedInt(here), LONGEST_CONTROL));
    } else {
      control.writeBytes(rest);
    }
    if (last) {
      byte[] all = control.toByteArray();
      control.reset();
      channel = null;
      if (here != ExecChannels.STDIN) {
        whole(here, all);
      }
    }
  }

  private void whole(byte on, byte[] message) throws ProtocolException {
    if (on == ExecChannels.RESIZE) {
      resize(message);
    } else if (on == ExecChannels.CLOSE && closesChannels) {
      if (message.length != 1 || message[0] != ExecChannels.STDIN) {
        throw new ProtocolException("only channel 0 can be closed");
      }
      session.endInput();
    } else {
      throw new ProtocolException(
          "clients send on channels 0 and 4, not on " + Byte.toUnsignedInt(on));
    }
  }

  private void resize(byte[] json) throws ProtocolException {
    int columns;
    int rows;
    try {
      JsonNode size = EciJson.rest().readTree(json);
      columns = size.path("Width").asInt(0);
      rows = size.path("Height").asInt(0);
    } catch (JacksonException e) {
      columns = 0;
      rows = 0;
    }
    if (columns < 1 || columns > LARGEST_SIDE || rows < 1 || rows > LARGEST_SIDE) {
      throw new ProtocolException(
          "channel 4 takes {\"Width\": columns, \"Height\": rows}, each from 1 to " + LARGEST_SIDE);
    }
    try {
      session.resize(columns, rows);
    } catch (RuntimeUnavailableException e) {
      // Who reads hears of a host that is gone; a terminal of the wrong size is no reason to end.
    }
  }
}
