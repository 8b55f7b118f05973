import type { MatDialog } from '@angular/material/dialog';
import { firstValueFrom, type Observable } from 'rxjs';
import { problemOf } from '../../core/problem';
import type { FieldConflict } from './merge-dialog';

/** A change to a versioned resource. */
export interface Edit<T, Change extends object> {
  /** The fields that the change may contain, with their labels. */
  readonly fields: readonly MergeField[];
  /** The resource before the change. */
  readonly base: T;
  /** The changed fields only. */
  readonly change: Change;
  /** Sends a change of the given version. */
  save(change: Change, version: number): Observable<T>;
  /** Reads the current resource. */
  read(): Observable<T>;
}

/**
 * Saves a change. On a version conflict it keeps concurrent changes to other fields, and lets the user choose
 * for fields that both changed.
 *
 * @returns the saved resource, or `null` if the user cancelled.
 */
export async function saveEdit<T extends { version: number }, Change extends object>(
  dialog: MatDialog,
  edit: Edit<T, Change>,
): Promise<T | null> {
  let { base, change } = edit;
  for (;;) {
    try {
      return await firstValueFrom(edit.save(change, base.version));
    } catch (error) {
      if (![409, 412].includes(problemOf(error).status) || problemOf(error).code === 'name_taken') {
        throw error;
      }
      const theirs = await firstValueFrom(edit.read());
      if (theirs.version === base.version) {
        // Not a version conflict.
        throw error;
      }
      const open = conflicts(edit.fields, base, change, theirs);
      const kept = open.length === 0 ? new Set<string>() : await choose(dialog, open);
      if (kept === null) {
        return null;
      }
      const given = new Set(open.map(({ field }) => field).filter((field) => !kept.has(field)));
      change = Object.fromEntries(Object.entries(change).filter(([field]) => !given.has(field))) as Change;
      base = theirs;
    }
  }
}

async function choose(
  dialog: MatDialog,
  open: readonly FieldConflict[],
): Promise<ReadonlySet<string> | null> {
  const { MergeDialog } = await import('./merge-dialog');
  const opened = dialog.open<InstanceType<typeof MergeDialog>, readonly FieldConflict[], ReadonlySet<string>>(
    MergeDialog,
    { data: open, width: '560px', disableClose: true },
  );
  return (await firstValueFrom(opened.afterClosed())) ?? null;
}

/** A field that can be merged. */
interface MergeField {
  readonly field: string;
  readonly label: string;
  /** Formats a value for display. */
  readonly format?: (value: string) => string;
}

/** Returns the fields that someone else changed meanwhile to another value. */
function conflicts(
  fields: readonly MergeField[],
  base: object,
  mine: object,
  theirs: object,
): FieldConflict[] {
  return fields
    .map(({ field, label, format = unchanged }) => ({
      field,
      label,
      format,
      mine: textOf(mine, field),
      theirs: textOf(theirs, field),
      base: textOf(base, field),
    }))
    .filter((one) => one.field in mine && one.theirs !== one.base && one.theirs !== one.mine)
    .map(({ field, label, format, mine: own, theirs: other }) => ({
      field,
      label,
      mine: own && format(own),
      theirs: other && format(other),
    }));
}

function unchanged(value: string): string {
  return value;
}

function textOf(values: object, field: string): string {
  const value = (values as Record<string, unknown>)[field];
  if (Array.isArray(value)) {
    return [...(value as string[])].sort().join(', ');
  }
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
