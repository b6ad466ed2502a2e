package io.podyard.runtime.docker.data.nfs;

/** How servers say that something did not go; versions 3 and 4 have the same numbers. */
final class NfsStatus {

  private NfsStatus() {}

  /**
   * @throws NfsBusyException if it may go later
   */
  static void check(String what, int status) throws NfsBusyException, NfsRefusal {
    switch (status) {
      case 0 -> {}
      case 5 -> throw new NfsBusyException("the NFS server cannot read " + what + " (EIO)");
      case 10006 -> throw new NfsBusyException("the NFS server has a fault");
      case 10008, 10018 -> throw new NfsBusyException("the NFS server is busy");
      case 10013 -> throw new NfsBusyException("the NFS server has just started");
      case 1, 13 -> throw new NfsRefusal("the NFS server does not let " + what + " be read");
      case 2 -> throw new NfsRefusal(what + " is not there");
      case 20 -> throw new NfsRefusal(what + " is no folder");
      case 70, 10001, 10014 -> throw new NfsRefusal(what + " is gone");
      case 10016 -> throw new NfsRefusal("the NFS server asks for more than the user's number");
      case 10021 -> throw new NfsRefusal("the NFS server does not speak version 4.0");
      default -> throw new NfsRefusal("the NFS server answered %d for %s".formatted(status, what));
    }
  }
}
