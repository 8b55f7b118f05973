import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';

/** How many logged in on a day, and how many failed to. One row a day, however many strangers try. */
@Entity('login_days')
export class LoginDay {
  /** Days since 1970, in UTC. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'PK_login_days' })
  day: number;

  @Column(instant({ default: 0 }))
  successes: number;

  /** Failures of names that somebody has. */
  @Column(instant({ default: 0 }))
  failures: number;

  /** Failures of names that nobody has; they leave no entry in the audit trail. */
  @Column(instant({ default: 0 }))
  unknownNameFailures: number;
}
