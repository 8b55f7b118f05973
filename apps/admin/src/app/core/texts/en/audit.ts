import type { AuditSubjectKind } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

export const audit = {
  heading: 'Audit trail',
  lede: 'Who did what, sealed so that tampering shows.',
  count: (total: number) => count(total, 'entry', 'entries'),
  empty: { heading: 'Nothing yet', text: 'What people and services do shows here.' },
  live: 'Live',
  liveHint: 'Shows new entries as they come',
  news: (total: number) => `${count(total, 'new entry', 'new entries')} at the top.`,
  periods: { label: 'Period', day: 'Last 24 hours', week: 'Last 7 days', month: 'Last 30 days' },
  filters: {
    actor: 'Who',
    subject: 'Whom or what',
    action: 'Act',
    outcome: 'Outcome',
    address: 'Address',
    from: 'From',
    to: 'Until',
    traceId: 'Request',
  },
  outcomes: { success: 'Success', failure: 'Failure' },
  nobody: 'Somebody unknown',
  many: 'Many at once',
  on: 'on',
  details: 'Details',
  onlyActor: (name: string) => `Only what ${name} did`,
  onlySubject: (name: string) => `Only what was done to ${name}`,
  onlyAddress: (address: string) => `Only from ${address}`,
  onlyRequest: 'Only this request',
  member: 'What',
  before: 'Before',
  after: 'After',
  time: 'Time',
  request: 'Request',
  entry: 'Entry',
  more: (total: number) => `and ${total} more`,
  subjects: {
    user: 'user',
    token: 'token of',
    role: 'role',
    route: 'route',
    address: 'address',
    audit: 'audit trail',
  } satisfies Record<AuditSubjectKind, string>,
};
