import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Token } from '../model/token.entity.js';

/** Last day on which a service reported that a token was used from an address. */
@Entity('token_reported_addresses')
export class TokenReportedAddress {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_reported_addresses' })
  tokenId: string;

  @ManyToOne(() => Token, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tokenId', foreignKeyConstraintName: 'FK_token_reported_addresses_tokenId' })
  token?: Token;

  /** Id of the service's user, who may be deleted. */
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_token_reported_addresses' })
  reporterId: string;

  @PrimaryColumn('varchar', { length: 45, primaryKeyConstraintName: 'PK_token_reported_addresses' })
  address: string;

  /** Name of the verifier and of the user. */
  @Column('varchar', { length: 160 })
  reporter: string;

  /** Days since 1970 in UTC. */
  @Column('integer')
  day: number;
}
