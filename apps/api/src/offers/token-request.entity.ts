import { type TokenRequestStatus } from '@latchkey/auth-models';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { instant } from '../platform/database/columns.js';
import { type Scope } from '../permissions/scope.js';
import { User } from '../users/model/user.entity.js';

/** Token request of a user. It copies the template, so that the approver sees what the user gets. */
@Entity('token_requests')
export class TokenRequest {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_requests' })
  id: string;

  @Index('IDX_token_requests_userId')
  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_token_requests_userId' })
  user?: User;

  /** Name of the template. */
  @Column('varchar', { length: 64 })
  template: string;

  @Column('text', { nullable: true })
  scope: Scope;

  /** Lifetime of the token in seconds. */
  @Column(instant())
  expiresIn: number;

  @Column('varchar', { length: 200, nullable: true })
  note: string | null;

  @Column('varchar', { length: 200, nullable: true })
  reason: string | null;

  /** `pending` and `approved` requests are expired from `endTime` on. */
  @Column('varchar', { length: 16 })
  status: Exclude<TokenRequestStatus, 'expired'>;

  @Column(instant())
  creationTime: EpochMilliseconds;

  /** End of the time for the next step, or the time of the last one. */
  @Index('IDX_token_requests_endTime')
  @Column(instant())
  endTime: EpochMilliseconds;

  /** User who approved or rejected the request. */
  @Column('varchar', { length: 36, nullable: true })
  deciderId: string | null;

  @Column('varchar', { length: 256, nullable: true })
  deciderName: string | null;

  /** Token of the approver, which limits the new one. */
  @Index('IDX_token_requests_deciderTokenId')
  @Column('varchar', { length: 36, nullable: true })
  deciderTokenId: string | null;

  @Column('varchar', { length: 200, nullable: true })
  decisionReason: string | null;

  /** Token that was claimed. */
  @Column('varchar', { length: 36, nullable: true })
  tokenId: string | null;
}
