import { type AuditAction, type AuditOutcome, type AuditSubjectKind } from '@latchkey/auth-models';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { instant } from '../../platform/database/columns.js';

/** Entry of the audit trail. It keeps names as they were at the time, beside the ids, and never changes. */
@Entity('audit_events')
// Only someone with access to the database can attempt to insert other numbers.
@Check('CHK_audit_events_sequence', '"sequence" BETWEEN 1 AND 9007199254740991')
@Index('IDX_audit_events_actorName', ['actorName', 'sequence'])
@Index('IDX_audit_events_subjectName', ['subjectName', 'sequence'])
@Index('IDX_audit_events_actorId', ['actorId', 'sequence'])
@Index('IDX_audit_events_subjectId', ['subjectId', 'sequence'])
@Index('IDX_audit_events_action', ['action', 'sequence'])
@Index('IDX_audit_events_outcome', ['outcome', 'sequence'])
@Index('IDX_audit_events_address', ['address', 'sequence'])
@Index('IDX_audit_events_traceId', ['traceId', 'sequence'])
// Partial; see its migration.
@Index('IDX_audit_events_actorTokenId', { synchronize: false })
export class AuditEvent {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_audit_events' })
  id: string;

  /** Position in the chain, from 1, without gaps. */
  @Index('IDX_audit_events_sequence', { unique: true })
  @Column(instant())
  sequence: number;

  @Index('IDX_audit_events_time')
  @Column(instant())
  time: EpochMilliseconds;

  /** Id of the actor; null if the client was not authenticated. */
  @Column('varchar', { length: 36, nullable: true })
  actorId: string | null;

  @Column('varchar', { length: 256, nullable: true })
  actorName: string | null;

  /** Id of the token that the actor presented; null without one. */
  @Column('varchar', { length: 36, nullable: true })
  actorTokenId: string | null;

  @Column('varchar', { length: 16 })
  subjectKind: AuditSubjectKind;

  @Column('varchar', { length: 64, nullable: true })
  subjectId: string | null;

  @Column('varchar', { length: 256 })
  subjectName: string;

  @Column('varchar', { length: 64 })
  action: AuditAction;

  @Column('varchar', { length: 16 })
  outcome: AuditOutcome;

  @Column('varchar', { length: 64, nullable: true })
  address: string | null;

  @Column('varchar', { length: 64, nullable: true })
  traceId: string | null;

  /** JSON of the changed members before the change. */
  @Column('text', { nullable: true })
  before: string | null;

  /** JSON of the changed members after the change. */
  @Column('text', { nullable: true })
  after: string | null;

  /** Id of the key that seals the entry. */
  @Column('varchar', { length: 16 })
  keyId: string;

  /** Seal of the entry before this one. */
  @Column('varchar', { length: 43 })
  previousMac: string;

  /** HMAC-SHA-256 over this entry and `previousMac`, base64url. */
  @Column('varchar', { length: 43 })
  mac: string;
}
