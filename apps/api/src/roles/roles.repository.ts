import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type WriteTransaction } from '../database/writes.js';
import { Role } from './role.entity.js';

/** Every query on roles. */
@Injectable()
export class RolesRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /**
   * Lets only one transaction at a time change who may do what, until it ends: so that nobody is judged by what they
   * held a moment ago, and of two last administrators one stays.
   */
  async lockAuthority(tx: WriteTransaction): Promise<void> {
    // An update locks the row on PostgreSQL, and marks the transaction as writing on SQLite.
    await tx.update(Role, { name: 'admin' }, { isBuiltIn: true });
  }

  /** Roles by name; those of a transaction, if there is one. */
  findByNames(names: readonly string[], tx?: WriteTransaction): Promise<Role[]> {
    const roles = tx ? tx.getRepository(Role) : this.roles;
    return names.length === 0 ? Promise.resolve([]) : roles.findBy({ name: In([...names]) });
  }
}
