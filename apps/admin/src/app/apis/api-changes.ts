import type { ApiDto, ApiPermissionDto, PermissionUsageDto, UpdateApiDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

/**
 * Members of an API that an edit can change: its description, and the sentence of each permission by its
 * name.
 */
export type ApiEdit = Readonly<Record<string, string | null>>;

/** Returns the members that differ from the API. `null` removes a description or a permission. */
export function changedMembers(
  api: ApiDto,
  description: string,
  permissions: readonly ApiPermissionDto[],
): ApiEdit {
  const before = sentences(api.permissions);
  const after = sentences(permissions);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    ...(description !== (api.description ?? '') && { description: description || null }),
    ...Object.fromEntries(
      names
        .filter((name) => before.get(name) !== after.get(name))
        .map((name) => [name, after.get(name) ?? null]),
    ),
  };
}

/** Returns an API in the form of its edits, so that two edits of different permissions can be merged. */
export function toEditable(api: ApiDto): { version: number; api: ApiDto } & Record<string, unknown> {
  return {
    ...Object.fromEntries(sentences(api.permissions)),
    ...(api.description !== undefined && { description: api.description }),
    version: api.version,
    api,
  };
}

/** Returns the request that applies an edit to an API. */
export function toUpdate(api: ApiDto, { description, ...sentencesByName }: ApiEdit): UpdateApiDto {
  const edited = new Map<string, string | null>([
    ...sentences(api.permissions),
    ...Object.entries(sentencesByName),
  ]);
  const permissions = [...edited].flatMap(([name, sentence]) =>
    sentence === null ? [] : [{ name, description: sentence }],
  );
  return {
    ...(description !== undefined && { description }),
    ...(Object.keys(sentencesByName).length > 0 && { permissions }),
  };
}

/** Maximum number of permissions and roles that a question names. */
const NAMED_MAX = 5;

/** Returns one sentence about the uses of each permission, and one about the effect of its removal. */
export function usesInWords(uses: readonly PermissionUsageDto[], { apis }: Texts): string[] {
  const { inUse } = apis;
  const named = uses.slice(0, NAMED_MAX).map(({ permission, roles = [], roleCount = 0, tokenCount }) => {
    const names = roleCount > NAMED_MAX ? inUse.roleCount(roleCount) : roles.join(', ');
    if (roleCount === 0) {
      return tokenCount === 0 ? permission : inUse.tokens(permission, tokenCount);
    }
    return tokenCount === 0 ? inUse.roles(permission, names) : inUse.both(permission, names, tokenCount);
  });
  const others = uses.length - named.length;
  return [...named, ...(others > 0 ? [inUse.others(others)] : []), inUse.effect];
}

/** Whether any role or token uses a permission, as far as the user may see roles. */
export function isUsed({ roleCount, tokenCount }: PermissionUsageDto): boolean {
  return roleCount !== 0 || tokenCount > 0;
}

function sentences(permissions: readonly ApiPermissionDto[]): Map<string, string> {
  return new Map(permissions.map(({ name, description }) => [name, description]));
}
