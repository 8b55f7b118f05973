import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { flag, instant } from '../../platform/database/columns.js';

/** Named set of permissions. */
@Entity('roles')
export class Role {
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_roles' })
  name: string;

  @Column('varchar', { length: 200 })
  description: string;

  /** Permissions separated by spaces, as in an OAuth scope. Built-in roles may use `*` and `*:read`. */
  @Column('text')
  permissions: string;

  @Column(flag(false))
  isBuiltIn: boolean;

  /** Whether sessions of its holders require a second factor. */
  @Column(flag(false))
  requiresSecondFactor: boolean;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column('integer', { default: 0 })
  version: number;
}
