import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Role } from './role.entity.js';

/** Assignment of a role to a user. */
@Entity('user_roles')
export class UserRole {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_user_roles' })
  userId: string;

  @Index('IDX_user_roles_roleName')
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_user_roles' })
  roleName: string;

  // By name, because users are a level above.
  @ManyToOne('User', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_user_roles_userId' })
  user?: unknown;

  @ManyToOne(() => Role)
  @JoinColumn({ name: 'roleName', foreignKeyConstraintName: 'FK_user_roles_roleName' })
  role?: Role;
}
