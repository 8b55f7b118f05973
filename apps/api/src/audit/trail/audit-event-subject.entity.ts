import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';

/**
 * What an entry is about beside its subject, so that it is found by each of many. This is an index that is made from an
 * entry when that is written: it has no seal, and the trail is whole or not by its entries alone, which name all of them.
 */
@Entity('audit_event_subjects')
@Index('IDX_audit_event_subjects_id', ['id', 'sequence'])
@Index('IDX_audit_event_subjects_name', ['name', 'sequence'])
export class AuditEventSubject {
  /** Place of the entry in the chain. */
  @Column(instant({ primary: true, primaryKeyConstraintName: 'PK_audit_event_subjects' }))
  sequence: number;

  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_audit_event_subjects' })
  id: string;

  /** The name it had then; of a token, absent: its owner has a row, too. */
  @Column('varchar', { length: 256, nullable: true })
  name: string | null;
}
