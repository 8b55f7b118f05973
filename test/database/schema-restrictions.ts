import { type Table, type TableColumn } from 'typeorm';

/**
 * Returns the changes that could break a server which knows only the tables before a migration, as `table` or
 * `table.name`: removed or changed tables, columns and indexes, and new rules on old tables.
 */
export function restrictionsBetween(before: readonly Table[], after: readonly Table[]): string[] {
  return before
    .flatMap((table) => {
      const changed = after.find(({ name }) => name === table.name);
      return changed ? restrictionsOf(table, changed) : [plain(table.name)];
    })
    .sort();
}

/** Without the schema, which PostgreSQL adds. */
const plain = (name: string) => name.replace(/^public\./, '');

function restrictionsOf(before: Table, after: Table): string[] {
  const changedColumns = before.columns.filter((column) => {
    const changed = after.columns.find(({ name }) => name === column.name);
    return !changed || describeColumn(column) !== describeColumn(changed);
  });
  const addedColumns = after.columns.filter(
    (column) =>
      !before.columns.some(({ name }) => name === column.name) &&
      !column.isNullable &&
      column.default === undefined,
  );
  const rulesBefore = rulesOf(before);
  const rulesAfter = rulesOf(after);
  const rules = [
    ...[...rulesBefore].filter(([name, rule]) => rulesAfter.get(name) !== rule),
    // A new index makes nothing fail unless it is unique.
    ...[...rulesAfter].filter(([name, rule]) => !rulesBefore.has(name) && !rule.startsWith('index')),
  ].map(([name]) => name);
  return [
    ...new Set([
      ...changedColumns.map(({ name }) => name),
      ...addedColumns.map(({ name }) => name),
      ...rules,
    ]),
  ].map((name) => `${plain(before.name)}.${name}`);
}

const describeColumn = ({ type, length, isNullable, default: value, isPrimary, isGenerated }: TableColumn) =>
  JSON.stringify([type, length, isNullable, value, isPrimary, isGenerated]);

/** Returns indexes, keys and checks by their names. */
function rulesOf({ indices, foreignKeys, uniques, checks }: Table): Map<string, string> {
  return new Map([
    ...indices.map(({ name, columnNames, isUnique, where }): [string, string] => [
      name ?? '',
      `${isUnique ? 'unique' : 'index'} ${columnNames.join()} ${where ?? ''}`,
    ]),
    ...foreignKeys.map(({ name, columnNames, onDelete }): [string, string] => [
      name ?? '',
      `key ${columnNames.join()} ${onDelete}`,
    ]),
    ...uniques.map(({ name, columnNames }): [string, string] => [name ?? '', `unique ${columnNames.join()}`]),
    ...checks.map(({ name, expression }): [string, string] => [name ?? '', `check ${expression}`]),
  ]);
}
