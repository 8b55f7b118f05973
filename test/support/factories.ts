import { type CreateRoleDto, type CreateUserDto } from '@latchkey/auth-models';

let made = 0;

/** Name and password of the first administrator of a test server. */
export const ADMIN = { name: 'admin', password: 'correct horse: bättery staple' } as const;

/** A password that every policy accepts. */
export const PASSWORD = 'a long enough password';

/** A valid user to make, with a name of its own. */
export function newUser(change: Partial<CreateUserDto> = {}): CreateUserDto {
  made += 1;
  return { name: `user-${made}`, password: PASSWORD, ...change };
}

/** A valid role to make, with a name of its own, that gives nothing. */
export function newRole(change: Partial<CreateRoleDto> = {}): CreateRoleDto {
  made += 1;
  return { name: `role-${made}`, ...change };
}
