import type { NewUserDto } from '@latchkey/auth-models';
import { CsvError, parse } from 'csv-parse/browser/esm/sync';

/** Columns of an import file. Each has the name of a member of a new user. */
export const IMPORT_COLUMNS = ['name', 'displayName', 'email', 'roles', 'enabled', 'kind'] as const;

/** Maximum size of an import file in bytes. Larger files are for the command line. */
export const IMPORT_BYTES_MAX = 1_048_576;

/** User of an import file, or the reason why the row is none. */
export interface ImportRow {
  /** Number of its line in the file. */
  readonly line: number;
  /** Members as the server validates them: a cell that is neither `true` nor `false` stays text. */
  readonly user: Partial<Record<keyof NewUserDto, unknown>>;
}

/** Reason why a file cannot be imported. */
export type ImportFileFault =
  | { readonly kind: 'large' | 'encoding' | 'empty' | 'noName' | 'password' }
  | { readonly kind: 'separator'; readonly separator: string }
  | { readonly kind: 'columns'; readonly columns: string }
  | { readonly kind: 'cells' | 'csv'; readonly line: number };

/** Row of the CSV parser. */
interface ParsedRow {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Reads users from CSV (RFC 4180) in UTF-8, with a header line. Empty cells count as absent.
 *
 * @returns the rows, or the fault of the file.
 */
export function readImportFile(bytes: ArrayBuffer): ImportRow[] | ImportFileFault {
  if (bytes.byteLength > IMPORT_BYTES_MAX) {
    return { kind: 'large' };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'encoding' };
  }
  try {
    const options = { info: true, relax_column_count: true, skip_empty_lines: true };
    const [header, ...rows] = parse(text, options) as unknown as ParsedRow[];
    return rowsOf(header?.record.map((name) => name.trim()) ?? [], rows);
  } catch (error) {
    if (error instanceof CsvError) {
      return { kind: 'csv', line: Number(error['lines']) };
    }
    throw error;
  }
}

function rowsOf(columns: readonly string[], rows: readonly ParsedRow[]): ImportRow[] | ImportFileFault {
  const unknown = columns.filter((name) => !(IMPORT_COLUMNS as readonly string[]).includes(name));
  const [separator] = /[;\t|]/.exec(unknown.join('')) ?? [];
  if (separator !== undefined) {
    return { kind: 'separator', separator: separator === '\t' ? 'Tab' : separator };
  }
  if (unknown.includes('password') || unknown.includes('passwordHash')) {
    return { kind: 'password' };
  }
  if (!columns.includes('name') || new Set(columns).size < columns.length) {
    return { kind: 'noName' };
  }
  if (unknown.length > 0) {
    return { kind: 'columns', columns: unknown.join(', ') };
  }
  const uneven = rows.find(({ record }) => record.length !== columns.length);
  if (uneven) {
    return { kind: 'cells', line: uneven.info.lines };
  }
  return rows.length === 0
    ? { kind: 'empty' }
    : rows.map(({ info, record }) => ({ line: info.lines, user: userOf(columns, record) }));
}

function userOf(columns: readonly string[], cells: readonly string[]): ImportRow['user'] {
  const filled = columns.map((name, index) => [name, cells[index] ?? '']).filter(([, text]) => text !== '');
  const { roles, enabled, ...texts } = Object.fromEntries(filled) as Record<string, string>;
  return {
    ...texts,
    ...(roles !== undefined && { roles: roles.split(' ').filter((role) => role !== '') }),
    ...(enabled !== undefined && {
      enabled: ({ true: true, false: false } as Record<string, boolean>)[enabled] ?? enabled,
    }),
  };
}
