/** The address of a token. */
export function tokenPath(id: string): string {
  return `/tokens/${encodeURIComponent(id)}`;
}
