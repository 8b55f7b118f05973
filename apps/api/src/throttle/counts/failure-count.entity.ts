import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { instant } from '../../platform/database/columns.js';

/** What a count is of; one of the two may be empty, which means all. */
export interface FailureKey {
  /** Pseudonym of a canonical name, whether or not anybody has it. */
  account: string;
  /** Network of the client. */
  network: string;
}

/** Failed log-ins: for a name from anywhere, for a name from one network that is known for it, or from a network. */
@Entity('failure_counts')
@Index('IDX_failure_counts_forgetTime', ['knownUntil', 'forgetTime'])
export class FailureCount implements FailureKey {
  @PrimaryColumn('varchar', { length: 43, primaryKeyConstraintName: 'PK_failure_counts' })
  account: string;

  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_failure_counts' })
  network: string;

  /** Failures that count together. */
  @Column('integer', { default: 0 })
  failures: number;

  /** No try before this. */
  @Column(instant({ default: 0 }))
  blockedUntil: EpochMilliseconds;

  /** The failures are forgotten from here on. */
  @Column(instant({ default: 0 }))
  resetTime: EpochMilliseconds;

  /** When the failures of the last hour would be over if they came evenly, as fast as is allowed for long. */
  @Column(instant({ default: 0 }))
  pacedUntil: EpochMilliseconds;

  /** Until when the network is known for the account; 0 = it never was. */
  @Column(instant({ default: 0 }))
  knownUntil: EpochMilliseconds;

  /** From here on the row says nothing any more. */
  @Column(instant({ default: 0 }))
  forgetTime: EpochMilliseconds;
}

/** A count of which nothing is known. */
export function nothingOf({ account, network }: FailureKey): FailureCount {
  const zeros = { failures: 0, blockedUntil: 0, resetTime: 0, pacedUntil: 0, knownUntil: 0, forgetTime: 0 };
  return { account, network, ...zeros };
}
