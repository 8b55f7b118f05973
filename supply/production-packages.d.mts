/**
 * A package that runs in production. Its licence is an SPDX expression, or the text that the package states.
 */
export interface ProductionPackage {
  name: string;
  version: string;
  licence: string;
  /** Whether it is a binary for one platform, which other platforms do not install. */
  isForOnePlatform: boolean;
}

/** A licence in one of the three forms of CycloneDX. */
export type StatedLicence = { license: { id: string } | { name: string } } | { expression: string };

/** Returns the paths of all production packages in the lock file, including duplicates. */
export function productionPaths(): string[];

/** Returns the production packages of all platforms, each version once, sorted by name. */
export function productionPackages(): ProductionPackage[];

/**
 * Returns a licence in the form of CycloneDX: an id or expression of the given SPDX ids, otherwise a name.
 *
 * @throws if the licence is unknown.
 */
export function statedLicences(of: ProductionPackage, spdxIds: ReadonlySet<string>): StatedLicence[];
