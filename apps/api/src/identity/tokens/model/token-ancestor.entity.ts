import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from './token.entity.js';

/**
 * One of the tokens that a token was created with, directly or through others. The ancestor has no foreign key: the row is
 * all that is left of it once it was purged, or deleted with its user, and its descendants are still found by it. A rotation
 * by another user adds a row for that user, not for the presented token: that one did not create the token, and may extend it.
 */
@Entity('token_ancestors')
export class TokenAncestor {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_ancestors_tokenId' })
  token?: Token;

  /** The id of the ancestor, or that of a user who rotated the token and so knew its secret. */
  @Index('IDX_token_ancestors_ancestorId')
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  ancestorId: string;

  /** The owner of the ancestor, or the user who rotated the token; `null` where its row was gone before ancestors were stored. */
  @Index('IDX_token_ancestors_ancestorUserId')
  @Column('varchar', { length: 36, nullable: true })
  ancestorUserId: string | null;
}
