import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';

/** Queries that read the trail in order. */
@Injectable()
export class AuditTrailRepository {
  private readonly columns: string;

  constructor(
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditChain) private readonly chains: Repository<AuditChain>,
  ) {
    this.columns = events.metadata.columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  }

  chain(): Promise<AuditChain> {
    return this.chains.findOneByOrFail({});
  }

  count(): Promise<number> {
    return this.events.count();
  }

  /** Returns up to `limit` entries after an entry, oldest first. The ORM would take most of the time, so it is not used. */
  findFrom(after: AuditEvent | undefined, limit: number): Promise<AuditEvent[]> {
    const [sequence, id, count] = [0, 1, 2].map((index) =>
      this.events.manager.connection.driver.createParameter(`p${index}`, index),
    );
    // Order by id too, so that an inserted entry with a duplicate number is not skipped.
    return this.events.query(
      `SELECT ${this.columns} FROM "audit_events" WHERE ("sequence", "id") > (${sequence}, ${id})
       ORDER BY "sequence", "id" LIMIT ${count}`,
      [after?.sequence ?? 0, after?.id ?? '', limit],
    );
  }

  /** Returns the checkpoint of the latest trim. */
  newestCheckpoint(): Promise<AuditEvent | null> {
    return this.events.findOne({ where: { action: 'audit_trail_trimmed' }, order: { sequence: 'DESC' } });
  }
}
