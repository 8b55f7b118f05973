/** A running PostgreSQL cluster that the tests make their databases in. */
export interface PostgresCluster {
  url: string;
  stop: () => Promise<void>;
}

/** The cluster that TEST_POSTGRES_URL names, or else one of the embedded PostgreSQL's, made for this run. */
export function startPostgresCluster(): Promise<PostgresCluster>;

/** A cluster that may be killed, all processes of it at once, and started again, or stopped for a while. Linux only. */
export interface OwnPostgresCluster extends PostgresCluster {
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** Stops all its processes, which keep their connections. */
  freeze: () => void;
  thaw: () => void;
}

/** A cluster of the embedded PostgreSQL, made for whoever asks. */
export function startOwnCluster(): Promise<OwnPostgresCluster>;
