import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { type Config } from '../../config/config.js';

/**
 * Returns the mark of a server in the name of its connections: its port, and a digest of the host, the
 * address and the data folder. Commands recognize the server by it. It has no characters with a special
 * meaning in SQL.
 */
export function serverMark({ host, port, dataDirectory }: Config): string {
  const place = JSON.stringify([hostname(), host, dataDirectory]);
  return `${port}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`;
}
