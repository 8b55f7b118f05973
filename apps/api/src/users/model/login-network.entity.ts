import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/** Network that a user has logged in from. */
@Entity('login_networks')
export class LoginNetwork {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_login_networks' })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_login_networks_userId' })
  user?: User;

  /** The /24 of an IPv4 address, or the /48 of an IPv6 address. */
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_login_networks' })
  network: string;

  /** Day of a login, at most a week before the last one. */
  @Column('integer')
  day: number;
}
