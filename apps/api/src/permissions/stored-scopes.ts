import { type WriteTransaction } from '../platform/database/writes.service.js';

/**
 * Columns with the widest scopes that tokens and passwords can get. The current scopes of tokens have another
 * column.
 */
const LIMITS = [
  ['tokens', 'maxScope'],
  ['users', 'setUpLimit'],
] as const;

/**
 * Removes deleted permissions of an API from all stored scopes, so that permissions of the same name cannot
 * revive them later.
 *
 * @returns the number of changed tokens.
 */
export async function removePermissionsFromScopes(
  api: string,
  permissions: readonly string[],
  tx: WriteTransaction,
): Promise<number> {
  const parameters = Object.fromEntries(permissions.map((name, index) => [`word${index}`, ` ${name} `]));
  const without = (column: string) =>
    `TRIM(${permissions.reduce((text, _, index) => `REPLACE(${text}, :word${index}, ' ')`, padded(column))})`;
  const count = await changeScopes('tokens', 'scope', ` ${api}:`, without, parameters, tx);
  for (const [table, column] of LIMITS) {
    await changeScopes(table, column, ` ${api}:`, without, parameters, tx);
  }
  await tx
    .createQueryBuilder()
    .delete()
    .from('token_apis')
    .where('api = :api', { api })
    .andWhere(`"tokenId" NOT IN (SELECT t."id" FROM "tokens" t WHERE ${padded('t."scope"')} LIKE :part)`, {
      part: `% ${api}:%`,
    })
    .execute();
  return count;
}

/**
 * Removes a deleted role from all stored scopes, so that a role of the same name cannot revive them later.
 */
export async function removeRoleFromScopes(role: string, tx: WriteTransaction): Promise<void> {
  const parameters = { role: ` @${role} `, source: ` %${role} ` };
  const without = (column: string) => {
    const inner = `REPLACE(${padded(column)}, :role, ' ')`;
    const outer = `REPLACE(${inner}, :source, ' ')`;
    // An empty mark replaces the last source. Without it, the permissions of all roles would count.
    return (
      `TRIM(CASE WHEN ${inner} <> ${outer} AND ${outer} NOT LIKE '% !%%' ESCAPE '!' ` +
      `THEN REPLACE(${inner}, :source, ' % ') ELSE ${outer} END)`
    );
  };
  for (const [table, column] of [['tokens', 'scope'] as const, ...LIMITS]) {
    await changeScopes(table, column, `${role} `, without, parameters, tx);
  }
}

/** Changes the scopes that contain a text. Returns the number of changed rows. */
async function changeScopes(
  table: 'tokens' | 'users',
  column: string,
  part: string,
  changed: (column: string) => string,
  parameters: Record<string, string>,
  tx: WriteTransaction,
): Promise<number> {
  const name = `"${column}"`;
  const update = tx
    .createQueryBuilder()
    .update(table)
    .set({
      [column]: () => changed(name),
      // Responses do not contain these columns, so their change does not make an ETag stale.
      ...(column === 'scope' && { version: () => '"version" + 1' }),
    })
    .where(`${padded(name)} LIKE :part AND ${name} <> ${changed(name)}`, { part: `%${part}%` })
    .setParameters(parameters);
  let count = 0;
  for (;;) {
    const { affected = 0 } = await update.execute();
    if (affected === 0) {
      return count;
    }
    count += affected;
    // Again: a token may have been created with one of them while this transaction waited for its row.
  }
}

/** Returns SQL for a scope with a space on both sides of each word. */
function padded(column: string): string {
  return `(' ' || ${column} || ' ')`;
}
