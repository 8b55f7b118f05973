import { type Principal } from '../../common/request/principal.js';

/** Which of some permissions somebody does not hold. */
export function permissionsAbove(
  { permissions: held }: Pick<Principal, 'permissions'>,
  permissions: Iterable<string>,
): string[] {
  return [...permissions].filter((permission) => !held.has(permission));
}
