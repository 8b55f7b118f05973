import { describe, expect, it } from '@jest/globals';
import { summaryOf } from './statement-spans.js';

describe('summaryOf', () => {
  it.each([
    ['SELECT t."id" FROM "tokens" t JOIN "users" u ON u."id" = t."userId"', 'SELECT tokens'],
    ['INSERT INTO "audit_events" ("id") VALUES (?)', 'INSERT audit_events'],
    ['update "users" SET "name" = ?', 'UPDATE users'],
    ['DELETE FROM "tokens"', 'DELETE tokens'],
    ['SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', 'SELECT unnest'],
    ['COMMIT', 'COMMIT'],
    ['', 'SQL'],
  ])('describes %s', (query, summary) => {
    expect(summaryOf(query)).toBe(summary);
  });
});
