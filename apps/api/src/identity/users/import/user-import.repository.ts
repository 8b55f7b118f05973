import { Injectable } from '@nestjs/common';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { UserRole } from '../model/user-role.entity.js';
import { type UserWithRoles } from '../model/user-with-roles.js';
import { User } from '../model/user.entity.js';

/** Inserts many users with two statements. */
@Injectable()
export class UserImportRepository {
  async insert(users: readonly UserWithRoles[], tx: WriteTransaction): Promise<void> {
    await tx.insert(
      User,
      users.map(({ user }) => user),
    );
    const held = users.flatMap(({ user, roles }) => roles.map((roleName) => ({ userId: user.id, roleName })));
    if (held.length > 0) {
      await tx.insert(UserRole, held);
    }
  }
}
