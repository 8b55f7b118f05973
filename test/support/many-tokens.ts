import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SQL that makes users and tokens of every kind and state, as many as are asked for. */
export function manyTokens({ users, tokens }: { users: number; tokens: number }): string {
  return readFileSync(join(process.cwd(), 'test/support/many-tokens.sql'), 'utf8')
    .replaceAll('{users}', String(users))
    .replaceAll('{tokens}', String(tokens))
    .replaceAll('{now}', String(Date.now()));
}
