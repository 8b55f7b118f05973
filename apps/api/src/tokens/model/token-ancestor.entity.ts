import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from './token.entity.js';

/**
 * Token that another token was created with, directly or through others. It has no foreign key, because
 * descendants are found by it even after it was purged or deleted with its user. A rotation by another user
 * adds a row for that user, not for the presented token, which did not create the token and may extend it.
 */
@Entity('token_ancestors')
export class TokenAncestor {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_ancestors_tokenId' })
  token?: Token;

  /** Id of the ancestor, or of a user who rotated the token and so knew its secret. */
  @Index('IDX_token_ancestors_ancestorId')
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_ancestors' })
  ancestorId: string;

  /**
   * Owner of the ancestor, or user who rotated the token; `null` if the ancestor was deleted before ancestors
   * were stored.
   */
  @Index('IDX_token_ancestors_ancestorUserId')
  @Column('varchar', { length: 36, nullable: true })
  ancestorUserId: string | null;
}
