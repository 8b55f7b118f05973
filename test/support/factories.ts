import { type CreateApiDto, type CreateRoleDto, type CreateUserDto } from '@latchkey/auth-models';

let count = 0;

/** Name and password of the first administrator of a test server. */
export const ADMIN = { name: 'admin', password: 'correct horse: bättery staple' } as const;

/** Password that every policy accepts. */
export const PASSWORD = 'a long enough password';

/**
 * Minimal cost of argon2. With the default cost, hashing takes a fifth of the time of all tests that log in.
 */
export const CHEAP_HASHES = { memoryKib: 8, passes: 1 };

/** Returns the body of a request for a user with a unique name. */
export function newUser(change: Partial<CreateUserDto> = {}): CreateUserDto {
  count += 1;
  return { name: `user-${count}`, password: PASSWORD, ...change };
}

/** Returns texts that look like tokens, but have a wrong checksum. */
export function lookalikes(number: number): string[] {
  return Array.from({ length: number }, (_, index) => `latchkey_${String(index).padStart(33, '0')}`);
}

/** Returns the body of a request for a role with a unique name and no permissions. */
export function newRole(change: Partial<CreateRoleDto> = {}): CreateRoleDto {
  count += 1;
  return { name: `role-${count}`, ...change };
}

/** Returns the body of a request for an API with a unique name and permissions for these actions. */
export function newApi(...actions: string[]): CreateApiDto & Required<Pick<CreateApiDto, 'permissions'>> {
  count += 1;
  const name = `api-${count}`;
  return {
    name,
    permissions: actions.map((action) => ({ name: `${name}:${action}`, description: `May ${action}.` })),
  };
}
