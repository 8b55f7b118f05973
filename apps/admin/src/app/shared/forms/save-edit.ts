import type { MatDialog } from '@angular/material/dialog';
import { firstValueFrom, type Observable } from 'rxjs';
import { problemOf } from '../../core/problem';

/** A change of something that has versions. */
export interface Edit<T, Change extends object> {
  /** The fields that the change may touch, with the names that people know them by. */
  readonly fields: readonly MergeField[];
  /** What it was when the person began. */
  readonly base: T;
  /** What they changed, and nothing else. */
  readonly change: Change;
  /** Sends a change of a version. */
  save(change: Change, version: number): Observable<T>;
  /** Reads what it is by now. */
  read(): Observable<T>;
}

/**
 * Saves an edit. If somebody else saved meanwhile, what they did elsewhere stays, and where both changed the same field the
 * person chooses.
 *
 * @returns what was saved, or `null` if the person gave up.
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
        // Another conflict than one of versions.
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

/** A field that two people changed, each in their own way. */
export interface FieldConflict {
  readonly field: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

/** A field of a form that is saved with a version. */
export interface MergeField {
  readonly field: string;
  readonly label: string;
  /** Puts a value into words; it is shown as it is if left out. */
  readonly tell?: (value: string) => string;
}

/** The fields of an edit that somebody else has changed meanwhile, and not to the same. */
export function conflicts(
  fields: readonly MergeField[],
  base: object,
  mine: object,
  theirs: object,
): FieldConflict[] {
  return fields
    .map(({ field, label, tell = asItIs }) => ({
      field,
      label,
      tell,
      mine: textOf(mine, field),
      theirs: textOf(theirs, field),
      base: textOf(base, field),
    }))
    .filter((one) => one.field in mine && one.theirs !== one.base && one.theirs !== one.mine)
    .map(({ field, label, tell, mine: own, theirs: other }) => ({
      field,
      label,
      mine: own && tell(own),
      theirs: other && tell(other),
    }));
}

function asItIs(value: string): string {
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
