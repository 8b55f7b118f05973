import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';

/** API of a service behind the server. Roles and tokens can name its permissions. */
@Entity('apis')
export class ResourceApi {
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'PK_apis' })
  name: string;

  @Column('varchar', { length: 200 })
  description: string;

  /** Permissions with their descriptions, as JSON, sorted by name. */
  @Column('text')
  permissions: string;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column('integer', { default: 0 })
  version: number;
}
