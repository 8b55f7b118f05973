import type { PermissionDto, RoleDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

/** What a role is for: in the language of the console if it is built in, else as somebody said it; `null` if nobody did. */
export function roleDescription({ name, description, isBuiltIn }: RoleDto, { roles }: Texts): string | null {
  const builtIn: Readonly<Record<string, string>> = roles.builtIn;
  return (isBuiltIn ? builtIn[name] : undefined) ?? description ?? null;
}

/** What a permission allows: in the language of the console if the server itself has it, else as its module says it. */
export function permissionSentence({ name, description }: PermissionDto, { roles }: Texts): string {
  const known: Readonly<Record<string, string>> = roles.permissions;
  return known[name] ?? description;
}
