/** A package that runs in production, with its licence in SPDX's words. */
export interface ProductionPackage {
  name: string;
  version: string;
  licence: string;
}

/** What of the lock file runs at those who run Latchkey, each name and version once, by name. */
export function productionPackages(): ProductionPackage[];
