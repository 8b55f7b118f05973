import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { Role } from './role.entity.js';

/** Every query on roles. */
@Injectable()
export class RolesRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  findByNames(names: readonly string[]): Promise<Role[]> {
    return names.length === 0 ? Promise.resolve([]) : this.roles.findBy({ name: In([...names]) });
  }
}
