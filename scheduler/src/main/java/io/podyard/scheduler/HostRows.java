package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The hosts of one region in host id order: one row of whole numbers each. The order of the rows is
 * what gives a tie to the smallest host id.
 */
final class HostRows {

  private static final int CLASS = 0;
  private static final int FREE_CPU = 1;
  private static final int FREE_MEMORY = 2;
  private static final int FREE_DISK = 3;
  private static final int FREE_GPU = 4;
  private static final int WHOLE_GPUS = 5;
  private static final int FREEST_GPU = 6;
  private static final int CPU = 7;
  private static final int MEMORY = 8;
  private static final int DISK = 9;
  private static final int GPUS = 10;

  /** What {@link BestFitIndex} knows of the host, here so that one look finds it all. */
  private static final int SLOT = 11;

  private static final int LEFT = 12;
  private static final int RIGHT = 13;
  private static final int KEY_LOW = 14;
  private static final int KEY_HIGH = 15;
  private static final int WIDTH = 16;

  private final List<KnownHost> hosts = new ArrayList<>();
  private int[] cells = new int[16 * WIDTH];

  /** Free thousandths of the devices, so many places for each row as the host with most has. */
  private int[] gpus = {};

  private int gpuPlaces;

  private final HostClasses classes = new HostClasses();

  int size() {
    return hosts.size();
  }

  KnownHost host(int row) {
    return hosts.get(row);
  }

  HostId id(int row) {
    return hosts.get(row).id;
  }

  HostClasses classes() {
    return classes;
  }

  int classOf(int row) {
    return cells[row * WIDTH + CLASS];
  }

  int freeCpu(int row) {
    return cells[row * WIDTH + FREE_CPU];
  }

  int freeMemory(int row) {
    return cells[row * WIDTH + FREE_MEMORY];
  }

  /** As much as can be said where nobody counts. */
  int freeDisk(int row) {
    int at = row * WIDTH;
    return cells[at + DISK] == 0 ? Integer.MAX_VALUE : cells[at + FREE_DISK];
  }

  /** Thousandths of all devices together. */
  int freeGpu(int row) {
    return cells[row * WIDTH + FREE_GPU];
  }

  /** Devices that nobody uses. */
  int wholeGpus(int row) {
    return cells[row * WIDTH + WHOLE_GPUS];
  }

  /** Thousandths of the device with most left. */
  int freestGpu(int row) {
    return cells[row * WIDTH + FREEST_GPU];
  }

  int cpu(int row) {
    return cells[row * WIDTH + CPU];
  }

  int memory(int row) {
    return cells[row * WIDTH + MEMORY];
  }

  int disk(int row) {
    return cells[row * WIDTH + DISK];
  }

  int gpuCount(int row) {
    return cells[row * WIDTH + GPUS];
  }

  int slot(int row) {
    return cells[row * WIDTH + SLOT];
  }

  void setSlot(int row, int slot) {
    cells[row * WIDTH + SLOT] = slot;
  }

  int left(int row) {
    return cells[row * WIDTH + LEFT];
  }

  void setLeft(int row, int other) {
    cells[row * WIDTH + LEFT] = other;
  }

  int right(int row) {
    return cells[row * WIDTH + RIGHT];
  }

  void setRight(int row, int other) {
    cells[row * WIDTH + RIGHT] = other;
  }

  long key(int row) {
    int at = row * WIDTH;
    return ((long) cells[at + KEY_HIGH] << 32) | (cells[at + KEY_LOW] & 0xFFFFFFFFL);
  }

  void setKey(int row, long key) {
    int at = row * WIDTH;
    cells[at + KEY_LOW] = (int) key;
    cells[at + KEY_HIGH] = (int) (key >>> 32);
  }

  int freeOfGpu(int row, int device) {
    return gpus[row * gpuPlaces + device];
  }

  /** Fills in a host with what is free on it. */
  void describe(int row, Spot spot) {
    int at = row * WIDTH;
    spot.cpu = cells[at + CPU];
    spot.memory = cells[at + MEMORY];
    spot.disk = cells[at + DISK];
    spot.gpuCount = cells[at + GPUS];
    spot.freeCpu = cells[at + FREE_CPU];
    spot.freeMemory = cells[at + FREE_MEMORY];
    spot.freeGpu = cells[at + FREE_GPU];
    spot.gpus = gpus;
    spot.gpusAt = row * gpuPlaces;
  }

  /** Adds a host. Rows behind it move on. */
  void add(KnownHost host, HostSnapshot snapshot) {
    int row = place(snapshot.id());
    int rows = hosts.size();
    if ((rows + 1) * WIDTH > cells.length) {
      cells = Arrays.copyOf(cells, cells.length * 2);
      gpus = Arrays.copyOf(gpus, cells.length / WIDTH * gpuPlaces);
    }
    int at = row * WIDTH;
    System.arraycopy(cells, at, cells, at + WIDTH, (rows - row) * WIDTH);
    System.arraycopy(gpus, row * gpuPlaces, gpus, (row + 1) * gpuPlaces, (rows - row) * gpuPlaces);
    hosts.add(row, host);
    renumber(row);
    cells[at + CLASS] = HostClasses.NONE;
    set(host, snapshot);
  }

  /** Takes a host away. Rows behind it move up. */
  void remove(KnownHost host) {
    int row = host.row;
    classes.leave(cells[row * WIDTH + CLASS]);
    int behind = hosts.size() - row - 1;
    System.arraycopy(cells, (row + 1) * WIDTH, cells, row * WIDTH, behind * WIDTH);
    System.arraycopy(gpus, (row + 1) * gpuPlaces, gpus, row * gpuPlaces, behind * gpuPlaces);
    hosts.remove(row);
    renumber(row);
  }

  /** Replaces all that is known of a host. */
  void set(KnownHost host, HostSnapshot snapshot) {
    host.asPut = snapshot;
    int at = host.row * WIDTH;
    cells[at + CLASS] = classes.enter(cells[at + CLASS], HostClass.of(snapshot));
    Size free = snapshot.free();
    cells[at + FREE_CPU] = free.cpu().value();
    cells[at + FREE_MEMORY] = free.memory().value();
    cells[at + FREE_DISK] = snapshot.disk().allocatableMib() - snapshot.disk().reservedMib();
    cells[at + CPU] = snapshot.allocatable().cpu().value();
    cells[at + MEMORY] = snapshot.allocatable().memory().value();
    cells[at + DISK] = snapshot.disk().allocatableMib();
    cells[at + GPUS] = snapshot.gpus().count();
    if (snapshot.gpus().count() > gpuPlaces) {
      widen(snapshot.gpus().count());
    }
    List<Integer> reserved = snapshot.gpus().reservedMilli();
    for (int device = 0; device < reserved.size(); device++) {
      gpus[host.row * gpuPlaces + device] = GpuRequest.WHOLE - reserved.get(device);
    }
    sumGpus(host.row);
  }

  /** Takes of what is free; false, and no change, if there is not enough. */
  boolean take(int row, Taken taken) {
    int at = row * WIDTH;
    int cpuLeft = cells[at + FREE_CPU] - taken.size().cpu().value();
    int memoryLeft = cells[at + FREE_MEMORY] - taken.size().memory().value();
    if (cpuLeft < 0
        || memoryLeft < 0
        || freeDisk(row) < taken.diskMib()
        || !devicesHave(row, taken.gpuDevices(), taken.gpuMilliEach())) {
      return false;
    }
    change(at, cpuLeft, memoryLeft, -taken.diskMib());
    changeGpus(row, taken.gpuDevices(), -taken.gpuMilliEach());
    return true;
  }

  /** Gives back; false, and no change, if less is reserved. */
  boolean give(int row, Taken taken) {
    int at = row * WIDTH;
    int cpuLeft = cells[at + FREE_CPU] + taken.size().cpu().value();
    int memoryLeft = cells[at + FREE_MEMORY] + taken.size().memory().value();
    // Sums may overflow and then are negative.
    if (Integer.compareUnsigned(cpuLeft, cells[at + CPU]) > 0
        || Integer.compareUnsigned(memoryLeft, cells[at + MEMORY]) > 0
        || (cells[at + DISK] > 0 && cells[at + DISK] - cells[at + FREE_DISK] < taken.diskMib())
        || !devicesLack(row, taken.gpuDevices(), taken.gpuMilliEach())) {
      return false;
    }
    change(at, cpuLeft, memoryLeft, taken.diskMib());
    changeGpus(row, taken.gpuDevices(), taken.gpuMilliEach());
    return true;
  }

  /** A host as it is now. */
  HostSnapshot now(KnownHost host) {
    int at = host.row * WIDTH;
    HostSnapshot put = host.asPut;
    List<Integer> reserved = new ArrayList<>();
    for (int device = 0; device < cells[at + GPUS]; device++) {
      reserved.add(GpuRequest.WHOLE - freeOfGpu(host.row, device));
    }
    return put.withReserved(
            Size.of(
                cells[at + CPU] - cells[at + FREE_CPU],
                cells[at + MEMORY] - cells[at + FREE_MEMORY]))
        .withDisk(put.disk().withReserved(cells[at + DISK] - cells[at + FREE_DISK]))
        .withGpus(new GpuDevices(reserved));
  }

  private void change(int at, int cpuLeft, int memoryLeft, int disk) {
    cells[at + FREE_CPU] = cpuLeft;
    cells[at + FREE_MEMORY] = memoryLeft;
    if (cells[at + DISK] > 0) {
      cells[at + FREE_DISK] += disk;
    }
  }

  private boolean devicesHave(int row, long devices, int milliEach) {
    for (long rest = devices; rest != 0; rest &= rest - 1) {
      int device = Long.numberOfTrailingZeros(rest);
      if (device >= gpuCount(row) || freeOfGpu(row, device) < milliEach) {
        return false;
      }
    }
    return true;
  }

  private boolean devicesLack(int row, long devices, int milliEach) {
    for (long rest = devices; rest != 0; rest &= rest - 1) {
      int device = Long.numberOfTrailingZeros(rest);
      if (device >= gpuCount(row) || GpuRequest.WHOLE - freeOfGpu(row, device) < milliEach) {
        return false;
      }
    }
    return true;
  }

  private void changeGpus(int row, long devices, int milliEach) {
    if (devices == 0) {
      return;
    }
    for (long rest = devices; rest != 0; rest &= rest - 1) {
      gpus[row * gpuPlaces + Long.numberOfTrailingZeros(rest)] += milliEach;
    }
    sumGpus(row);
  }

  private void sumGpus(int row) {
    int free = 0;
    int whole = 0;
    int freest = 0;
    for (int device = 0; device < gpuCount(row); device++) {
      int here = freeOfGpu(row, device);
      free += here;
      whole += here == GpuRequest.WHOLE ? 1 : 0;
      freest = Math.max(freest, here);
    }
    int at = row * WIDTH;
    cells[at + FREE_GPU] = free;
    cells[at + WHOLE_GPUS] = whole;
    cells[at + FREEST_GPU] = freest;
  }

  private void widen(int places) {
    int[] wider = new int[cells.length / WIDTH * places];
    for (int row = 0; row < hosts.size(); row++) {
      System.arraycopy(gpus, row * gpuPlaces, wider, row * places, gpuPlaces);
    }
    gpus = wider;
    gpuPlaces = places;
  }

  private void renumber(int from) {
    for (int row = from; row < hosts.size(); row++) {
      hosts.get(row).row = row;
    }
  }

  /** The row that a new host gets. */
  private int place(HostId id) {
    int low = 0;
    int high = hosts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (id(middle).compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
