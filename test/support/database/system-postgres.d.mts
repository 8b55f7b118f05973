/** Options of initdb. */
export const CLUSTER_OPTIONS: string[];

/** Settings of PostgreSQL for tests. */
export const CLUSTER_SETTINGS: string[];

/** Returns the folder with the programs of an installed PostgreSQL, by default the newest, or `null`. */
export function systemPostgres(version?: string): string | null;

/** A running PostgreSQL of the system. */
export interface SystemPostgres {
  url: string;
  stop: () => void;
}

/** Creates and starts a cluster with the programs in a folder. Its administrator needs no password. */
export function startSystemPostgres(
  programs: string,
  options?: { administrator?: string; parent?: string },
): Promise<SystemPostgres>;
