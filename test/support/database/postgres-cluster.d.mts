/** Running PostgreSQL cluster in which the tests create their databases. */
export interface PostgresCluster {
  url: string;
  stop: () => Promise<void>;
}

/** Options of a new cluster. */
export interface ClusterOptions {
  /** Folder that will contain the data folder. */
  parent?: string;
  /** Without a password, connecting takes half the time. An installed PostgreSQL always uses `trust`. */
  authMethod?: 'trust' | 'scram-sha-256' | 'md5' | 'password';
  /** Private cluster to start with a copy of. It is suspended meanwhile. */
  copyOf?: PrivatePostgresCluster;
}

/**
 * Returns the cluster in TEST_POSTGRES_URL. Otherwise starts the PostgreSQL of TEST_POSTGRES_VERSION, or the
 * embedded one.
 */
export function startPostgresCluster(options?: ClusterOptions): Promise<PostgresCluster>;

/** Cluster that a test can kill and start again, suspend, or copy. Linux only. */
export interface PrivatePostgresCluster extends PostgresCluster {
  dataFolder: string;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** Suspends all its processes. Their connections stay open. */
  freeze: () => void;
  thaw: () => void;
  /** Rejects new changes. Resolves when no others are left. */
  makeReadOnly: () => Promise<void>;
}

/** Starts the embedded PostgreSQL for one test. */
export function startPrivateCluster(options?: ClusterOptions): Promise<PrivatePostgresCluster>;
