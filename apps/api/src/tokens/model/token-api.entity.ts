import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from './token.entity.js';

/**
 * API with a permission in the scope of a token. Finds and counts the tokens of an API without reading all
 * scopes.
 */
@Entity('token_apis')
export class TokenApi {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_apis' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_apis_tokenId' })
  token?: Token;

  @Index('IDX_token_apis_api')
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_token_apis' })
  api: string;
}
