package io.podyard.runtime.simulated;

import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureFilter.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file in the format of libpcap with made-up packets: Ethernet, IP version 4, and a datagram, an
 * echo request or the begin of a connection, from and to what the filter asks for.
 */
final class SimulatedPackets {

  private static final int FILE_HEADER = 24;
  private static final int PACKET_HEADER = 16;
  private static final int MICROSECONDS = 0xA1B2C3D4;
  private static final int ETHERNET = 1;
  private static final short IP = 0x0800;
  private static final int ETHERNET_HEADER = 14;
  private static final int IP_HEADER = 20;
  private static final byte[] TEXT = "podyard simulated".getBytes(StandardCharsets.US_ASCII);

  private SimulatedPackets() {}

  /** How many packets a file of the filter's size takes. */
  static int fitting(CaptureFilter filter) {
    int kept = PACKET_HEADER + Math.min(size(filter), filter.snapLength());
    return (int) Math.clamp((filter.fileBytes() - FILE_HEADER) / kept, 0, Integer.MAX_VALUE);
  }

  static byte[] file(CaptureFilter filter, Instant first, Duration between, int packets) {
    int whole = size(filter);
    int kept = Math.min(whole, filter.snapLength());
    ByteBuffer file =
        ByteBuffer.allocate(FILE_HEADER + packets * (PACKET_HEADER + kept))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(MICROSECONDS).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.putInt(filter.snapLength()).putInt(ETHERNET);
    for (int i = 0; i < packets; i++) {
      Instant at = first.plus(between.multipliedBy(i));
      file.putInt((int) at.getEpochSecond()).putInt(at.getNano() / 1000).putInt(kept).putInt(whole);
      file.put(packet(filter, i), 0, kept);
    }
    return file.array();
  }

  private static int size(CaptureFilter filter) {
    return ETHERNET_HEADER + IP_HEADER + header(protocol(filter)) + TEXT.length;
  }

  private static Protocol protocol(CaptureFilter filter) {
    Protocol protocol = filter.protocol();
    return protocol == null ? Protocol.UDP : protocol;
  }

  private static int header(Protocol protocol) {
    return switch (protocol) {
      case TCP -> 20;
      case UDP, ICMP -> 8;
    };
  }

  private static byte[] packet(CaptureFilter filter, int number) {
    Protocol protocol = protocol(filter);
    int content = header(protocol) + TEXT.length;
    ByteBuffer packet = ByteBuffer.allocate(size(filter));
    packet.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}).putShort(IP);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) (IP_HEADER + content));
    packet.putShort((short) number).putShort((short) 0).put((byte) 64);
    packet.put(
        (byte)
            switch (protocol) {
              case TCP -> 6;
              case UDP -> 17;
              case ICMP -> 1;
            });
    packet.putShort((short) 0);
    packet.put(address(filter.source().network(), 1));
    packet.put(address(filter.destination().network(), 2));
    packet.putShort(
        ETHERNET_HEADER + 10, sum(packet.array(), ETHERNET_HEADER, ETHERNET_HEADER + IP_HEADER));
    switch (protocol) {
      case TCP -> {
        packet.putShort(port(filter.source(), 40_000)).putShort(port(filter.destination(), 80));
        packet.putInt(number).putInt(0).put((byte) 0x50).put((byte) 2).putShort((short) 1024);
        packet.putInt(0);
      }
      case UDP -> {
        packet.putShort(port(filter.source(), 40_000)).putShort(port(filter.destination(), 9));
        packet.putShort((short) content).putShort((short) 0);
      }
      case ICMP -> packet.put((byte) 8).put((byte) 0).putShort((short) 0).putInt(number);
    }
    return packet.put(TEXT).array();
  }

  /** One of the addresses asked for. */
  private static byte[] address(@Nullable String network, int otherwise) {
    if (network == null) {
      return new byte[] {10, 0, 0, (byte) otherwise};
    }
    String[] parts = network.replaceFirst("/.*", "").split("\\.", -1);
    byte[] address = new byte[4];
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    return address;
  }

  private static short port(End end, int otherwise) {
    Integer port = end.port();
    return (short) (port == null ? otherwise : (int) port);
  }

  private static short sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += (bytes[i] & 255) << 8 | bytes[i + 1] & 255;
    }
    return (short) ~((sum & 0xFFFF) + (sum >>> 16));
  }
}
