import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instant } from '../../platform/database/columns.js';

/**
 * Index of entries by what they concern besides their subject, such as each user of a bulk change. Rows are
 * derived from an entry when it is written. They have no seal: verification covers the entries, which name
 * all of them.
 */
@Entity('audit_event_subjects')
@Index('IDX_audit_event_subjects_id', ['id', 'sequence'])
@Index('IDX_audit_event_subjects_name', ['name', 'sequence'])
export class AuditEventSubject {
  /** Sequence number of the entry. */
  @Column(instant({ primary: true, primaryKeyConstraintName: 'PK_audit_event_subjects' }))
  sequence: number;

  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_audit_event_subjects' })
  id: string;

  /** Name at the time of the entry, for a token its preview. The owners of tokens have rows of their own. */
  @Column('varchar', { length: 256, nullable: true })
  name: string | null;
}

/** User or token that an entry concerns besides its subject, such as one of many, or the owner of a token. */
export interface RelatedSubject {
  readonly id: string;
  /** Name, or the preview of a token. */
  readonly name?: string;
}

/** Stands for all users of the time. No user has this id or name. */
export const ALL_USERS = { id: '*', name: '*' } as const;
