import { type User } from './user.entity.js';

/** A user with the names of the roles they hold, sorted. */
export interface UserWithRoles {
  readonly user: User;
  readonly roles: readonly string[];
}
