import { resolve } from 'node:path';

/** Where the data lives. */
export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

/** Parameters of a PostgreSQL address that hold no secret, whatever their values. */
const HARMLESS_PARAMETERS = new Set(['sslmode', 'application_name']);

/** Reads a validated `DATABASE_URL`. */
export function parseDatabaseAddress(url: string): DatabaseAddress {
  return url.startsWith('sqlite:')
    ? { kind: 'sqlite', file: resolve(url.replace(/^sqlite:(\/\/)?/, '')) }
    : { kind: 'postgres', url };
}

/** A database's address as it may be shown: without its password, which can be a parameter, too. */
export function showDatabaseAddress(address: DatabaseAddress): string {
  if (address.kind === 'sqlite') {
    return `sqlite:${address.file}`;
  }
  const url = new URL(address.url);
  url.password = '';
  url.hash = '';
  for (const name of [...url.searchParams.keys()]) {
    if (!HARMLESS_PARAMETERS.has(name)) {
      url.searchParams.delete(name);
    }
  }
  return url.href;
}
