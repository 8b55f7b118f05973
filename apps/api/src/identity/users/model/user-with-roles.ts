import { type User } from './user.entity.js';

/** User with sorted role names. */
export interface UserWithRoles {
  readonly user: User;
  readonly roles: readonly string[];
}
