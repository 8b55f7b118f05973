import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from '../model/token.entity.js';

/** Last day on which a request required a permission of a token, or on which the token was used from an address. */
@Entity('token_last_uses')
export class TokenLastUse {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_last_uses' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_last_uses_tokenId' })
  token?: Token;

  @PrimaryColumn('varchar', { length: 16, primaryKeyConstraintName: 'PK_token_last_uses' })
  kind: 'permission' | 'address';

  /** The permission or the address. */
  @PrimaryColumn('varchar', { length: 160, primaryKeyConstraintName: 'PK_token_last_uses' })
  value: string;

  /** Day in UTC, counted from 1970. */
  @Column('integer')
  day: number;
}
