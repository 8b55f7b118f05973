import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';
import { Token } from '../model/token.entity.js';

/** Number of uses of a token on one day. */
@Entity('token_usage')
export class TokenUsage {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_usage' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_usage_tokenId' })
  token?: Token;

  /** Day in UTC, counted from 1970. */
  @Index('IDX_token_usage_day')
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'PK_token_usage' })
  day: number;

  /** Uses of the current secret. */
  @Column(instant())
  uses: number;

  /** Uses of superseded secrets. */
  @Column(instant())
  supersededUses: number;

  @Column('varchar', { length: 64, nullable: true })
  lastUsageAddress: string | null;

  @Column('varchar', { length: 200, nullable: true })
  lastUsageAgent: string | null;

  /** Name of the service that reported the last use; `null` = the server saw it. */
  @Column('varchar', { length: 160, nullable: true })
  lastUsageReporter: string | null;
}
