import { stringify } from 'csv-stringify/sync';
import { JSON_REPRESENTATION, type Representation } from '../negotiation/representations.js';

/** A row of a list, as its DTO has it. */
export type Row = Record<string, unknown>;

/** A media type that whole lists are written in, row by row. */
export interface RowRepresentation extends Representation {
  /** What comes before the first row. */
  readonly head: (columns: readonly string[]) => string;
  /** Some rows. */
  readonly rows: (rows: readonly Row[], columns: readonly string[]) => string;
}

/** What an empty array is in CSV, where an empty cell is a value that is absent. */
const EMPTY_ARRAY = '[]';

/**
 * A semicolon before what would start a formula. Where the locale writes decimals with a comma, spreadsheets split lines
 * at semicolons, and what follows one is a cell of its own, whose quotes and spaces are dropped.
 */
const FORMULA_AFTER_SEMICOLON = /;(?=["\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** Comma-separated values (RFC 4180), with a line of column names; nothing in it starts a spreadsheet's formula. */
export const CSV: RowRepresentation = {
  ...JSON_REPRESENTATION,
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  head: (columns) => toCsv([[...columns]]),
  rows: (rows, columns) => toCsv(rows.map((row) => columns.map((column) => toCell(valueAt(row, column))))),
};

/** One JSON value a line. */
export const NDJSON: RowRepresentation = {
  ...JSON_REPRESENTATION,
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  head: () => '',
  rows: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
};

/** What lists are offered in beside the usual types. */
export const ROW_REPRESENTATIONS: readonly RowRepresentation[] = [CSV, NDJSON];

/** The value of a member, or of a member's member such as `actor.name`. */
function valueAt(row: Row, column: string): unknown {
  return column.split('.').reduce<unknown>((value, member) => (value as Row | undefined)?.[member], row);
}

function toCsv(lines: string[][]): string {
  return stringify(lines, { escape_formulas: true, quoted_match: ';', record_delimiter: '\r\n' });
}

/** The text of a value, with a `'` before what a spreadsheet would take for a formula within it. */
function toCell(value: unknown): string {
  return textOf(value).replace(FORMULA_AFTER_SEMICOLON, ";'");
}

/** Texts as they are, arrays joined by a space, `[]` for an empty one, nothing for what is absent, and JSON of all else. */
function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? EMPTY_ARRAY : value.join(' ');
  }
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
