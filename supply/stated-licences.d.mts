import { type ProductionPackage } from './production-packages.mjs';

/** A licence in one of the three ways that CycloneDX knows. */
export type StatedLicence = { license: { id: string } | { name: string } } | { expression: string };

/**
 * A licence as CycloneDX wants it: as an id or an expression of the SPDX ids that are known, else by its name.
 *
 * @throws if nobody knows the licence.
 */
export function statedLicences(of: ProductionPackage, spdxIds: ReadonlySet<string>): StatedLicence[];
