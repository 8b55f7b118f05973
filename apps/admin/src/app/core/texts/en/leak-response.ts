import { counting } from '../counting';

const count = counting('en');
const others = (total: number) => count(total, 'other', 'others');

/** The dialog that responds to a leaked token. */
export const leakResponse = {
  open: 'Respond to a leak',
  reported: (when: string) => `Reported as leaked on ${when}.`,
  since: 'Leaked since',
  power: {
    heading: 'What it could do',
    user: (user: string, roles: string) => `Roles of ${user}: ${roles}.`,
  },
  uses: {
    heading: 'Where it was used',
    none: 'Not used since then.',
    total: (uses: number, days: number) =>
      `Used ${count(uses, 'time', 'times')} since then, on ${count(days, 'day', 'days')}.`,
    report: 'Day of the report',
  },
  created: {
    heading: 'What was done with it',
    none: 'Nothing recorded since then.',
    tokens: (total: number) => `${count(total, 'token', 'tokens')} created since then:`,
    more: (total: number) => `and ${count(total, 'more', 'more')}`,
    changes: (total: number, isMore: boolean) =>
      `${isMore ? 'More than ' : ''}${count(total, 'change', 'changes')} recorded since then:`,
    offers: (total: number) =>
      `${count(total, 'offer', 'offers')} approved with it ${total === 1 ? 'is' : 'are'} not claimed yet.`,
    unseen: 'You need the permission audit:read to see the changes.',
  },
  descendants: (total: number, offers: number) => {
    const tokens = `Also revoke ${total === 1 ? 'the token' : `the ${count(total, 'token', 'tokens')}`} created with it, directly or through others`;
    const open = `end ${count(offers, 'open offer', 'open offers')}`;
    return total === 0 ? `Also ${open}` : offers === 0 ? tokens : `${tokens}, and ${open}`;
  },
  note: 'Note for the audit trail',
  noteHint: 'For example “found in the log of build 17”.',
  notLive: 'This token is already revoked or expired.',
  renewable: 'This token has expired, but it can be renewed. Revoke it to prevent this.',
  nothingLeft: 'No token that was created with it can be used or renewed, so there is nothing to revoke.',
  rotate: (total: number) => (total === 0 ? 'Rotate' : `Rotate and revoke ${others(total)}`),
  revoke: (total: number) => (total === 0 ? 'Revoke this token' : `Revoke this token and ${others(total)}`),
  revokeDescendants: (total: number, offers: number) =>
    total === 0
      ? `End ${count(offers, 'offer', 'offers')}`
      : `Revoke ${count(total, 'token', 'tokens')} created with it`,
  revoked: (total: number) => (total === 0 ? 'Offers ended.' : `${count(total, 'token', 'tokens')} revoked.`),
  rotated: (total: number) =>
    total === 0 ? 'Token rotated.' : `Token rotated, ${count(total, 'token', 'tokens')} revoked.`,
  disabled: 'The token is disabled. Enable it once its clients have the new secret.',
};
