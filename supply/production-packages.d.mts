/** A package that runs in production, with its licence in SPDX's words. */
export interface ProductionPackage {
  name: string;
  version: string;
  licence: string;
  /** Whether it is a binary that is installed on one platform and left out on others. */
  isForOnePlatform: boolean;
}

/** The folders of `productionPackages` in the lock file, each copy of them. */
export function productionPaths(): string[];

/** What of the lock file runs at those who run Latchkey, each name and version once, by name. */
export function productionPackages(): ProductionPackage[];
