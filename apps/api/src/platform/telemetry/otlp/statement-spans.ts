import { type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { type AfterQueryEvent, type BeforeQueryEvent } from 'typeorm/subscriber/event/QueryEvent.js';
import { type RequestTraces } from './request-traces.js';

const OPERATION = /^\s*(\w+)/;
const TABLE = /\b(?:FROM|INTO|UPDATE)\s+"?(\w+)/i;

/** Adds the statements of TypeORM to the spans of requests. */
export class StatementSpans implements EntitySubscriberInterface {
  private readonly begun = new WeakMap<QueryRunner, number>();

  constructor(private readonly traces: RequestTraces) {}

  beforeQuery({ queryRunner }: BeforeQueryEvent): void {
    this.begun.set(queryRunner, performance.now());
  }

  afterQuery({ queryRunner, query, success, dataSource }: AfterQueryEvent): void {
    const start = this.begun.get(queryRunner);
    if (start !== undefined) {
      const system = dataSource.options.type === 'postgres' ? 'postgresql' : 'sqlite';
      this.traces.addStatement(summaryOf(query), system, start, success);
    }
  }
}

/** Returns the operation and the first table of a statement, such as `SELECT tokens`. */
export function summaryOf(query: string): string {
  const operation = OPERATION.exec(query)?.[1]?.toUpperCase() ?? 'SQL';
  const table = TABLE.exec(query)?.[1];
  return table === undefined ? operation : `${operation} ${table}`;
}
