/**
 * Returns a path with encoded parameters.
 *
 * @throws TypeError for parameters that URLs cannot contain: `/users/../tokens` is another route, encoded
 *   or not.
 */
export function route(texts: TemplateStringsArray, ...parameters: readonly string[]): string {
  return String.raw({ raw: texts }, ...parameters.map(encoded));
}

function encoded(parameter: string): string {
  if (['', '.', '..'].includes(parameter)) {
    throw new TypeError(`"${parameter}" is neither a name nor an id.`);
  }
  return encodeURIComponent(parameter);
}
