import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { instant } from '../platform/database/columns.js';
import { User } from '../users/model/user.entity.js';

/** One-time link with which its recipient creates an API token. Only the digest of its secret is stored. */
@Entity('claim_links')
export class ClaimLink {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_claim_links' })
  id: string;

  /** SHA-256 of the secret, base64url. */
  @Index('IDX_claim_links_digest', { unique: true })
  @Column('varchar', { length: 43 })
  digest: string;

  /** User of the token. */
  @Index('IDX_claim_links_userId')
  @Column('varchar', { length: 36 })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'FK_claim_links_userId' })
  user?: User;

  /** User who created the link; `null` for the command line. */
  @Index('IDX_claim_links_issuerId')
  @Column('varchar', { length: 36, nullable: true })
  issuerId: string | null;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'issuerId', foreignKeyConstraintName: 'FK_claim_links_issuerId' })
  issuer?: User | null;

  /** Name of the user or of the command line. */
  @Column('varchar', { length: 256 })
  issuerName: string;

  /** Token that the issuer used. */
  @Index('IDX_claim_links_issuerTokenId')
  @Column('varchar', { length: 36, nullable: true })
  issuerTokenId: string | null;

  @Column('varchar', { length: 200, nullable: true })
  note: string | null;

  /** Request that the claim repeats, as JSON. */
  @Column('text')
  request: string;

  /** Members of the token as planned, as JSON. */
  @Column('text')
  plan: string;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Index('IDX_claim_links_expirationTime')
  @Column(instant())
  expirationTime: EpochMilliseconds;

  /** Time of the claim; `null` = none. */
  @Column(instant({ nullable: true }))
  claimTime: EpochMilliseconds | null;

  /** Token that the claim created. */
  @Column('varchar', { length: 36, nullable: true })
  tokenId: string | null;
}

/** A link together with the user of its token. */
export type OwnedClaimLink = ClaimLink & { user: User };
