import type { Texts } from '../../core/texts/texts';

/** What a permission lets its holder do: in the language of the console if the server itself has it, else as its module says. */
export function permissionDescription(name: string, { permissions }: Texts, description = ''): string {
  const known: Readonly<Record<string, string>> = permissions.sentences;
  return known[name] ?? description;
}

/** What is known of a role. */
interface DescribedRole {
  readonly name: string;
  readonly description?: string | null;
  readonly isBuiltIn: boolean;
}

/** What a role is for: in the language of the console if it is built in, else as somebody said it; `null` if nobody did. */
export function roleDescription(
  { name, description, isBuiltIn }: DescribedRole,
  { permissions }: Texts,
): string | null {
  const known: Readonly<Record<string, string>> = permissions.roles;
  return (isBuiltIn ? known[name] : undefined) ?? description ?? null;
}
