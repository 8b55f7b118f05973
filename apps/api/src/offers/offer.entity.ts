import { type CreateTokenDto, type OfferState } from '@latchkey/auth-models';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { instant } from '../platform/database/columns.js';
import { User } from '../users/model/user.entity.js';

/** Token as requested, which the claim creates. Its note is in {@link Offer.note}. */
export type OfferedToken = Omit<CreateTokenDto, 'kind' | 'note'>;

/** Offer of an API token. The claim creates the token on behalf of the user who approved the offer. */
@Entity('offers')
export class Offer {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_offers' })
  id: string;

  /** User of the token, who is the recipient. */
  @Index('IDX_offers_userId')
  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_offers_userId' })
  user?: User;

  /** Sender of a link, or the requester; `null` for the command line. */
  @Index('IDX_offers_creatorId')
  @Column('varchar', { length: 36, nullable: true })
  creatorId: string | null;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'creatorId', foreignKeyConstraintName: 'FK_offers_creatorId' })
  creator?: User | null;

  /** Name of this user or of the command line. */
  @Column('varchar', { length: 256 })
  creatorName: string;

  /** SHA-256 of the secret in a claim link, base64url; `null` for an offer that the recipient requested. */
  @Index('IDX_offers_digest', { unique: true })
  @Column('varchar', { length: 43, nullable: true })
  digest: string | null;

  /** Name of the template that a request copied. */
  @Column('varchar', { length: 64, nullable: true })
  template: string | null;

  @Column('varchar', { length: 200, nullable: true })
  note: string | null;

  /** {@link OfferedToken} as JSON. */
  @Column('text')
  token: string;

  /** Reason of the requester. */
  @Column('varchar', { length: 200, nullable: true })
  reason: string | null;

  /** State without the time: see {@link stateOf}. */
  @Column('varchar', { length: 16 })
  state: Exclude<OfferState, 'expired'>;

  @Column(instant())
  creationTime: EpochMilliseconds;

  /** Time until which the offer can be approved or claimed. */
  @Index('IDX_offers_expirationTime')
  @Column(instant())
  expirationTime: EpochMilliseconds;

  /** User who approved, rejected or revoked the offer; `null` for the command line, or without a decision. */
  @Column('varchar', { length: 36, nullable: true })
  deciderId: string | null;

  /** Name of this user or of the command line; `null` without a decision. */
  @Column('varchar', { length: 256, nullable: true })
  deciderName: string | null;

  /** Token of the decider, which limits the new one. */
  @Index('IDX_offers_deciderTokenId')
  @Column('varchar', { length: 36, nullable: true })
  deciderTokenId: string | null;

  @Column(instant({ nullable: true }))
  decisionTime: EpochMilliseconds | null;

  @Column('varchar', { length: 200, nullable: true })
  decisionReason: string | null;

  @Column(instant({ nullable: true }))
  claimTime: EpochMilliseconds | null;

  /** Token that the claim created. */
  @Column('varchar', { length: 36, nullable: true })
  tokenId: string | null;
}

/** An offer together with the user of its token. */
export type OwnedOffer = Omit<Offer, 'user' | 'creator'> & { user: { name: string } };
