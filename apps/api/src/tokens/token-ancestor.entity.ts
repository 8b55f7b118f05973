import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from './token.entity.js';

/**
 * One of the tokens that a token was created with, directly or through others. The ancestor has no foreign key: the row is
 * all that is left of it once it was purged, or deleted with its user, and its descendants are still found by it.
 */
@Entity('token_ancestors')
export class TokenAncestor {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_ancestors_tokenId' })
  token?: Token;

  @Index('IDX_token_ancestors_ancestorId')
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  ancestorId: string;

  /** The owner of the ancestor; `null` where its row was gone before ancestors were stored. */
  @Index('IDX_token_ancestors_ancestorUserId')
  @Column('varchar', { length: 36, nullable: true })
  ancestorUserId: string | null;
}
