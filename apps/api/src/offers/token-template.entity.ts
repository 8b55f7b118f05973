import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { instant } from '../platform/database/columns.js';
import { type Scope } from '../permissions/scope.js';

/** Template for tokens that users can request. */
@Entity('token_templates')
export class TokenTemplate {
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_token_templates' })
  name: string;

  @Column('varchar', { length: 200 })
  description: string;

  /**
   * Scope of the tokens. It may name permissions and roles that were deleted since; the check of each request
   * finds them.
   */
  @Column('text', { nullable: true })
  scope: Scope;

  /** Lifetime of the tokens in seconds. */
  @Column(instant())
  expiresIn: number;

  @Column('varchar', { length: 200, nullable: true })
  note: string | null;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column('integer', { default: 0 })
  version: number;
}
