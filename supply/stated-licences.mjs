/**
 * A licence as CycloneDX wants it, where npm found it to be no licence of SPDX or found none: as an id or an expression if it
 * consists of ids that are known to be SPDX's, else by its name.
 *
 * @throws if nobody knows the licence: a bill of materials that does not say it is of no use.
 */
export function statedLicences({ name, version, licence }, spdxIds) {
  if (licence === 'unknown') {
    throw new Error(`The licence of ${name}@${version} is not known: look, and put it into LICENCES_BY_HAND`);
  }
  if (spdxIds.has(licence)) {
    return [{ license: { id: licence } }];
  }
  const operands = licence.replace(/^\((.*)\)$/, '$1').split(/ (?:AND|OR) /);
  const isExpression = operands.every((operand) => spdxIds.has(operand));
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }];
}
