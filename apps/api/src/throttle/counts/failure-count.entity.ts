import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';

/** Key of a count. An empty member means all. */
export interface FailureKey {
  /** Pseudonym of a canonical name, whether or not a user has it. */
  account: string;
  /** Client network. */
  network: string;
}

/** Failed logins: of an account from any network, of an account from a known network, or of a network. */
@Entity('failure_counts')
@Index('IDX_failure_counts_forgetTime', ['knownUntil', 'forgetTime'])
export class FailureCount implements FailureKey {
  @PrimaryColumn('varchar', { length: 43, primaryKeyConstraintName: 'PK_failure_counts' })
  account: string;

  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_failure_counts' })
  network: string;

  /** Failures in the current window. */
  @Column('integer', { default: 0 })
  failures: number;

  /** No attempt is admitted before this time. */
  @Column(instant({ default: 0 }))
  blockedUntil: EpochMilliseconds;

  /** End of the window. */
  @Column(instant({ default: 0 }))
  resetTime: EpochMilliseconds;

  /** Time at which the failures so far would have happened at an even, permitted pace. */
  @Column(instant({ default: 0 }))
  pacedUntil: EpochMilliseconds;

  /** The network is known for the account until this time; 0 = never. */
  @Column(instant({ default: 0 }))
  knownUntil: EpochMilliseconds;

  /** The row has no effect after this time. */
  @Column(instant({ default: 0 }))
  forgetTime: EpochMilliseconds;
}

/** Returns a count without failures. */
export function emptyCount({ account, network }: FailureKey): FailureCount {
  const zeros = { failures: 0, blockedUntil: 0, resetTime: 0, pacedUntil: 0, knownUntil: 0, forgetTime: 0 };
  return { account, network, ...zeros };
}
