import { canonicalUserName, type ProblemErrorDto } from '@latchkey/auth-models';
import { skeletonOf } from '../../common/confusables/skeleton.js';
import { NOT_A_SERVICE, unknownUser } from '../mail/responsible-persons.service.js';
import { DEFAULT_ROLES, readResponsible, storeResponsible } from '../model/user.entity.js';
import { type ImportedUser } from './imported-user.js';

/** User to import, and its number: the line in a file, or the position in a list. */
export interface ImportRow {
  readonly line: number;
  readonly user: object;
}

/** Error in a row. */
export interface RowProblem extends ProblemErrorDto {
  readonly line: number;
}

/** Row after validation. */
export interface CheckedRow {
  line: number;
  /** Absent if the row is invalid. */
  user?: ImportedUser;
  /** The valid members. They go through the remaining checks, so that one run reports all problems. */
  known: Partial<ImportedUser>;
}

export function rolesOf({ roles }: Partial<ImportedUser>): readonly string[] {
  return roles ?? DEFAULT_ROLES;
}

/** Returns the canonical name of a row; empty if it has no valid name. */
export function nameOf({ known: { name = '' } }: CheckedRow): string {
  return canonicalUserName(name) ?? '';
}

/** Returns a problem for each name that equals an earlier one, or looks like it. */
export function repeatedNames(rows: readonly CheckedRow[]): RowProblem[] {
  const earlier = new Map<string, string>();
  return rows.flatMap((row) => {
    const name = nameOf(row);
    const skeleton = skeletonOf(name);
    const other = earlier.get(skeleton);
    if (name === '' || other === undefined) {
      earlier.set(skeleton, name);
      return [];
    }
    const problem = { line: row.line, pointer: '/name' };
    return other === name
      ? [{ ...problem, code: 'name_repeated', message: `the name ${name} occurs twice` }]
      : [{ ...problem, code: 'name_confusable', message: `the name ${name} looks like ${other}` }];
  });
}

/**
 * Returns the problems of one row, given the users and roles in the database. Does not check whether the name
 * is taken.
 *
 * @param lookAlikes names of users by skeleton.
 * @param knownUsers canonical names of users, including those in the import.
 * @param mayNameOthers whether messages may contain the names of other users.
 */
export function problemsOf(
  row: CheckedRow,
  lookAlikes: ReadonlyMap<string, string>,
  knownRoles: ReadonlySet<string>,
  knownUsers: ReadonlySet<string>,
  mayNameOthers: boolean,
): RowProblem[] {
  const problems: ProblemErrorDto[] = [];
  const name = nameOf(row);
  const other = lookAlikes.get(skeletonOf(name)) ?? name;
  if (other !== name) {
    const message = `the name ${name} looks like the name of ${mayNameOthers ? `the user ${other}` : 'another user'}`;
    problems.push({ pointer: '/name', code: 'name_confusable', message });
  }
  for (const [index, role] of rolesOf(row.known).entries()) {
    if (!knownRoles.has(role)) {
      const message = `there is no role ${role}`;
      problems.push({ pointer: `/roles/${index}`, code: 'unknown_role', message });
    }
  }
  if (row.known.kind === 'service' && row.known.passwordHash !== undefined) {
    const message = 'a service cannot have a password; create a token for it';
    problems.push({ pointer: '/passwordHash', code: 'service_password', message });
  }
  const stored = storeResponsible(row.known.responsible);
  const person = stored === null ? undefined : readResponsible(stored);
  if (person && row.known.kind !== 'service') {
    problems.push({ pointer: '/responsible', code: 'not_a_service', message: NOT_A_SERVICE });
  } else if (person && 'name' in person && !knownUsers.has(person.name)) {
    problems.push({ pointer: '/responsible', code: 'unknown_user', message: unknownUser(person.name) });
  }
  return problems.map((problem) => ({ ...problem, line: row.line }));
}
