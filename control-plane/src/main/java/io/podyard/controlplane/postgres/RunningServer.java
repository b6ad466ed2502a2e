package io.podyard.controlplane.postgres;

/**
 * A server that was verified and may be used.
 *
 * @param arrival how it came to run
 * @param postmaster its first process
 * @param access the way into it
 */
record RunningServer(LocalPostgres.Arrival arrival, Postmaster postmaster, DatabaseAccess access) {}
