import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { Role } from './role.entity.js';

/** Every query on single roles; {@link RoleListRepository} has those on lists. */
@Injectable()
export class RolesRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /**
   * Lets only one transaction at a time change who may do what, until it ends: so that what is read of both sides after it,
   * the actor and who is acted on, stays so, and of two last administrators one stays.
   */
  async lockAuthority(tx: WriteTransaction): Promise<void> {
    // An update locks the row on PostgreSQL, and marks the transaction as writing on SQLite.
    await tx.update(Role, { name: 'admin' }, { isBuiltIn: true });
  }

  /**
   * A role by name; that of a transaction, if there is one.
   *
   * @throws ApplicationError `not_found`.
   */
  async getByName(name: string, tx?: WriteTransaction): Promise<Role> {
    const role = await this.seenBy(tx).findOneBy({ name });
    if (!role) {
      throw new ApplicationError('not_found', {
        detail: 'There is no such role; GET /roles has all there are.',
      });
    }
    return role;
  }

  /** Roles by name; those of a transaction, if there is one. */
  findByNames(names: readonly string[], tx?: WriteTransaction): Promise<Role[]> {
    return names.length === 0 ? Promise.resolve([]) : this.seenBy(tx).findBy({ name: In([...names]) });
  }

  /** All roles of a transaction. */
  findAll(tx: WriteTransaction): Promise<Role[]> {
    return tx.find(Role);
  }

  async insert(role: Role, tx: WriteTransaction): Promise<void> {
    await tx.insert(Role, role);
  }

  /** Makes the next version of a role; `false` if somebody else just did. */
  async update(
    { name, version }: Role,
    change: QueryDeepPartialEntity<Role>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Role, { name, version }, { ...change, version: version + 1 });
    return affected === 1;
  }

  /** Deletes a version of a role; `false` if there is another by now. Fails if anybody holds the role. */
  async delete({ name, version }: Role, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(Role, { name, version });
    return affected === 1;
  }

  private seenBy(tx: WriteTransaction | undefined): Repository<Role> {
    return tx ? tx.getRepository(Role) : this.roles;
  }
}
