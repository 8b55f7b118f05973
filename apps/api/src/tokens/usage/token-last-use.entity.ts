import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from '../model/token.entity.js';

/** Last day on which a request required a permission of a token, or used the token from an address. */
@Entity('token_last_uses')
export class TokenLastUse {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_last_uses' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_last_uses_tokenId' })
  token?: Token;

  @PrimaryColumn('varchar', { length: 16, primaryKeyConstraintName: 'PK_token_last_uses' })
  kind: 'permission' | 'address';

  /** Permission or address. */
  @PrimaryColumn('varchar', { length: 160, primaryKeyConstraintName: 'PK_token_last_uses' })
  value: string;

  /**
   * Id of the user of the service that reported the address, who may be deleted; empty if the server saw it.
   */
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_last_uses' })
  reporterId: string;

  /** Name of the verifier and of this user; `null` if the server saw the address. */
  @Column('varchar', { length: 160, nullable: true })
  reporter: string | null;

  /** Days since 1970 in UTC. */
  @Column('integer')
  day: number;
}
