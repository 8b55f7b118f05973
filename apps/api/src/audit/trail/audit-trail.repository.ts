import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';

/** Every query that walks along the trail in its order. */
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

  /** At most so many entries after that one, oldest first. Without the ORM: it would take most of the time. */
  findFrom(after: AuditEvent | undefined, limit: number): Promise<AuditEvent[]> {
    const [sequence, id, count] = [0, 1, 2].map((index) =>
      this.events.manager.connection.driver.createParameter(`p${index}`, index),
    );
    // Also by id, so that an entry with a number that is taken is not passed over.
    return this.events.query(
      `SELECT ${this.columns} FROM "audit_events" WHERE ("sequence", "id") > (${sequence}, ${id})
       ORDER BY "sequence", "id" LIMIT ${count}`,
      [after?.sequence ?? 0, after?.id ?? '', limit],
    );
  }

  /** The entry that names what was dropped last. */
  newestCheckpoint(): Promise<AuditEvent | null> {
    return this.events.findOne({ where: { action: 'audit_trail_trimmed' }, order: { sequence: 'DESC' } });
  }
}
