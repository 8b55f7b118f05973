/** The same address, relative to the server, with other values of some parameters. */
export function addressWith(address: string, values: Readonly<Record<string, string | number>>): string {
  // A request may name the server by a host of its own choice (RFC 9112, section 3.2.2).
  const [path, query] = address.replace(/^https?:\/\/[^/?]*/i, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  Object.entries(values).forEach(([name, value]) => parameters.set(name, String(value)));
  return `${path}?${parameters.toString()}`;
}
