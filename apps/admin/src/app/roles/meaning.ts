import type { PermissionDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import { permissionDescription } from '../shared/roles/permission-text';

/** What permissions amount to, in sentences. */
export interface Meaning {
  /** What each of them allows. */
  readonly sentences: readonly string[];
  /** What is easily overlooked and makes somebody powerful. */
  readonly warnings: readonly string[];
  /** What makes them of less use than they look. */
  readonly hints: readonly string[];
}

/**
 * Puts permissions into words.
 *
 * @param all every permission that there is.
 * @param isBuiltIn whether the role grows with what feature modules add.
 */
export function meaningOf(
  given: readonly string[],
  all: readonly PermissionDto[],
  isBuiltIn: boolean,
  texts: Texts,
): Meaning {
  const names = new Set(given);
  return {
    sentences: all
      .filter(({ name }) => names.has(name))
      .map(({ name, description }) => permissionDescription(name, texts, description)),
    warnings: warningsOf(names, all, isBuiltIn, texts),
    hints: unseenResources(names, all).map((resource) => texts.roles.summary.unseen(resource)),
  };
}

function warningsOf(
  given: ReadonlySet<string>,
  all: readonly PermissionDto[],
  isBuiltIn: boolean,
  { roles }: Texts,
): string[] {
  const {
    administrator,
    everything,
    password,
    token,
    passwordOrToken,
    roles: changesRoles,
  } = roles.summary.warnings;
  if (all.length > 0 && all.every(({ name }) => given.has(name))) {
    return [isBuiltIn ? administrator : everything];
  }
  const [setsPasswords, makesTokens] = [given.has('users:write'), given.has('tokens:write')];
  return [
    ...(setsPasswords && makesTokens ? [passwordOrToken] : []),
    ...(setsPasswords && !makesTokens ? [password] : []),
    ...(makesTokens && !setsPasswords ? [token] : []),
    ...(given.has('roles:write') ? [changesRoles] : []),
  ];
}

/** Resources that can be changed and not seen, though there is a permission to see them. */
function unseenResources(given: ReadonlySet<string>, all: readonly PermissionDto[]): string[] {
  return all
    .map(({ name }) => name.split(':')[0] ?? '')
    .filter((resource, index, resources) => resources.indexOf(resource) === index)
    .filter(
      (resource) =>
        given.has(`${resource}:write`) &&
        !given.has(`${resource}:read`) &&
        all.some(({ name }) => name === `${resource}:read`),
    );
}
