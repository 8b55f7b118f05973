/** A running PostgreSQL cluster that the tests make their databases in. */
export interface PostgresCluster {
  url: string;
  stop: () => Promise<void>;
}

/** The cluster that TEST_POSTGRES_URL names, or else one of the embedded PostgreSQL's, made for this run. */
export function startPostgresCluster(): Promise<PostgresCluster>;
