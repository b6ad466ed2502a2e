package io.podyard.controlplane.metric;

import io.podyard.controlplane.metric.MetricRecord.Container;
import io.podyard.controlplane.metric.MetricRecord.CpuUse;
import io.podyard.controlplane.metric.MetricRecord.Limit;
import io.podyard.controlplane.metric.MetricRecord.MemorySums;
import io.podyard.runtime.GroupStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one group as bytes. A record that has the same containers, interfaces and devices as
 * the one before is written as its differences to it, which are small; all of it is deflated where
 * that makes it smaller.
 */
final class MetricPack {

  private MetricPack() {}

  /**
   * @param records in the order of their times
   */
  static byte[] pack(List<MetricRecord> records) {
    PackWriter out = new PackWriter();
    out.number(records.size());
    Names before = null;
    long[] last = {};
    for (MetricRecord one : records) {
      Names names = Names.of(one);
      long[] values = values(one);
      boolean same = names.equals(before);
      out.number(same ? 1 : 0);
      if (!same) {
        names.write(out);
        last = new long[values.length];
      }
      for (int i = 0; i < values.length; i++) {
        out.number(values[i] - last[i]);
      }
      before = names;
      last = values;
    }
    return out.bytes();
  }

  /**
   * @throws IllegalArgumentException if these bytes are no pack
   */
  static List<MetricRecord> unpack(byte[] pack) {
    PackReader in = PackReader.of(pack);
    int count = (int) in.number();
    List<MetricRecord> records = new ArrayList<>();
    Names names = Names.NONE;
    long[] last = {};
    for (int i = 0; i < count; i++) {
      if (in.number() == 0) {
        names = Names.read(in);
        last = new long[names.values()];
      }
      long[] values = new long[last.length];
      for (int v = 0; v < values.length; v++) {
        values[v] = last[v] + in.number();
      }
      records.add(record(names, values));
      last = values;
    }
    return records;
  }

  /** What does not change from record to record. */
  private record Names(
      List<String> containers,
      List<String> interfaces,
      List<String> disks,
      List<String> filesystems,
      List<String> categories) {

    static final Names NONE = new Names(List.of(), List.of(), List.of(), List.of(), List.of());

    static Names of(MetricRecord one) {
      return new Names(
          one.containers().stream().map(Container::name).toList(),
          one.interfaces().stream().map(GroupStatistics.Interface::name).toList(),
          one.disks().stream().map(GroupStatistics.Disk::device).toList(),
          one.filesystems().stream().map(GroupStatistics.Filesystem::name).toList(),
          one.filesystems().stream().map(GroupStatistics.Filesystem::category).toList());
    }

    void write(PackWriter out) {
      for (List<String> list : List.of(containers, interfaces, disks, filesystems, categories)) {
        out.number(list.size());
        list.forEach(out::text);
      }
    }

    static Names read(PackReader in) {
      return new Names(in.texts(), in.texts(), in.texts(), in.texts(), in.texts());
    }

    int values() {
      return 4
          + 10 * containers.size()
          + 8 * interfaces.size()
          + 4 * disks.size()
          + 2 * filesystems.size();
    }
  }

  private static long[] values(MetricRecord one) {
    Values out = new Values(new long[Names.of(one).values()]);
    out.add(one.at().toEpochMilli(), one.samples());
    out.add(one.limit().milliCpu(), one.limit().memoryMib());
    for (Container c : one.containers()) {
      out.add(c.samples(), c.milliCpu(), c.cpuNanos(), c.cpu().nanos(), c.cpu().overMillis());
      MemorySums m = c.memory();
      out.add(m.usage(), m.rss(), m.cache(), m.workingSet(), m.available());
    }
    for (GroupStatistics.Interface i : one.interfaces()) {
      out.add(i.rxBytes(), i.rxPackets(), i.rxErrors(), i.rxDrops());
      out.add(i.txBytes(), i.txPackets(), i.txErrors(), i.txDrops());
    }
    for (GroupStatistics.Disk d : one.disks()) {
      out.add(d.readBytes(), d.reads(), d.writeBytes(), d.writes());
    }
    for (GroupStatistics.Filesystem f : one.filesystems()) {
      out.add(f.capacity(), f.used());
    }
    return out.values;
  }

  private static MetricRecord record(Names names, long[] values) {
    Values in = new Values(values);
    Instant at = Instant.ofEpochMilli(in.next());
    int samples = (int) in.next();
    Limit limit = new Limit((int) in.next(), (int) in.next());
    List<Container> containers = new ArrayList<>();
    for (String name : names.containers()) {
      containers.add(
          new Container(
              name,
              (int) in.next(),
              (int) in.next(),
              in.next(),
              new CpuUse(in.next(), in.next()),
              new MemorySums(in.next(), in.next(), in.next(), in.next(), in.next())));
    }
    List<GroupStatistics.Interface> interfaces = new ArrayList<>();
    for (String name : names.interfaces()) {
      interfaces.add(
          new GroupStatistics.Interface(
              name, in.next(), in.next(), in.next(), in.next(), in.next(), in.next(), in.next(),
              in.next()));
    }
    List<GroupStatistics.Disk> disks = new ArrayList<>();
    for (String name : names.disks()) {
      disks.add(new GroupStatistics.Disk(name, in.next(), in.next(), in.next(), in.next()));
    }
    List<GroupStatistics.Filesystem> filesystems = new ArrayList<>();
    for (int i = 0; i < names.filesystems().size(); i++) {
      filesystems.add(
          new GroupStatistics.Filesystem(
              names.filesystems().get(i), names.categories().get(i), in.next(), in.next()));
    }
    return new MetricRecord(at, samples, limit, containers, interfaces, disks, filesystems);
  }

  /** The numbers of a record, one after the other. */
  private static final class Values {
    private final long[] values;
    private int next;

    Values(long[] values) {
      this.values = values;
    }

    void add(long... more) {
      System.arraycopy(more, 0, values, next, more.length);
      next += more.length;
    }

    long next() {
      return values[next++];
    }
  }
}
