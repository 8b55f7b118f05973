export interface Trial {
  /** From the installation to the first verified call. */
  seconds: number;
  /** Of the set-up link, the login, the verified call and the console. */
  statuses: number[];
  console: string;
  /** Page that the help names. */
  documentation: string;
  exitCode: number | string;
  packedBytes: number;
  installedBytes: number;
  /** Names of all installed packages. */
  packages: string[];
  /** Names and versions, such as `pg 8.23.1`, of those that come with the package. */
  versions: string[];
  /** Number of compiled packages. */
  compiled: number;
}

export function tryPackage(tarball: string, compiledSqlite?: string): Promise<Trial>;

/** Installs a package below another root folder, with the commands of the runbook. */
export function installPackage(root: string, tarball: string): void;
