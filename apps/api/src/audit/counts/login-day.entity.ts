import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';

/**
 * Logins and failed logins of one day. One row per day, regardless of the number of attempts.
 *
 * Counting audit entries instead would block SQLite, need another index, and miss entries that were deleted
 * or summarized.
 */
@Entity('login_days')
export class LoginDay {
  /** Days since 1970-01-01, in UTC. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'PK_login_days' })
  day: number;

  @Column(instant({ default: 0 }))
  successes: number;

  /** Failures with the name of an existing user. */
  @Column(instant({ default: 0 }))
  failures: number;

  /** Failures with an unknown name. They leave no entry in the audit trail. */
  @Column(instant({ default: 0 }))
  unknownNameFailures: number;
}
