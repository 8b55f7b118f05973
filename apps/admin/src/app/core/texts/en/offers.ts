import type { OfferState } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** Offers of tokens, templates, and the page where recipients use claim links. */
export const offers = {
  lead: 'The recipient creates the token, and is the only one who sees its secret. Send a link, or let users request tokens from templates.',
  request: 'Request a token',
  templates: 'Templates',
  all: 'All',
  none: 'There are no offers.',
  waiting: (total: number) => count(total, 'pending token request', 'pending token requests'),
  waitingText: 'Approve or reject',
  more: (total: number) => `The newest 50 of ${total}.`,
  of: (action: string, template: string, user: string) => `${action}: ${template}, ${user}`,
  states: {
    requested: 'pending',
    offered: 'approved',
    rejected: 'rejected',
    claimed: 'claimed',
    expired: 'expired',
    revoked: 'revoked',
  } satisfies Record<OfferState, string>,
  everything: (user: string) => `All roles and permissions of ${user} that the approver can grant`,
  nothing: 'No roles and no permissions',
  life: (life: string) => `for ${life}`,
  until: (time: string) => `until ${time}`,
  withoutEnd: 'without expiry',
  sentBy: (sender: string) => `Link from ${sender}`,
  days: (days: number) => count(days, 'day', 'days'),
  hours: (hours: number) => count(hours, 'hour', 'hours'),
  minutes: (minutes: number) => count(minutes, 'minute', 'minutes'),
  reason: (reason: string) => `Reason: ${reason}`,
  decision: (user: string, reason: string | undefined) =>
    reason === undefined ? `Decided by ${user}` : `Decided by ${user}: ${reason}`,
  claimEnds: 'The approval expires',
  claim: 'Get the token',
  withdraw: 'Withdraw',
  withdrawn: 'Withdrawn.',
  form: {
    none: 'There are no templates yet. Ask an administrator to create one.',
    noteHint: 'Helps you recognise the token later. By default, the token gets the note of the template.',
    reason: 'Why do you need it?',
    reasonHint: 'For the person who decides.',
    action: 'Send request',
    sending: 'Sending…',
    sent: 'Request sent.',
  },
  approve: {
    heading: (user: string) => `Approve the token for ${user}?`,
    text: 'The user can get the token within 24 hours. You do not see its secret. It has only roles and permissions that you can grant.',
    action: 'Approve',
    done: 'Request approved.',
  },
  reject: {
    heading: (user: string) => `Reject the request of ${user}?`,
    text: 'The user sees your reason.',
    action: 'Reject',
    done: 'Request rejected.',
  },
  revoke: {
    heading: (user: string) => `Revoke the offer for ${user}?`,
    effect: 'It can no longer be claimed. A link stops working immediately.',
    done: 'Offer revoked.',
  },
  choice: {
    label: 'Hand over the secret',
    secret: 'Show it to me once',
    link: 'Send a claim link',
    secretHint: 'You copy the secret, and pass it on yourself.',
    linkHint:
      'The recipient opens the link within 24 hours and creates the token. You never see the secret, and it does not end up in a chat or an e-mail.',
  },
  action: 'Create claim link',
  created: {
    heading: 'Claim link created',
    text: (user: string) =>
      `Send this link to ${user}. It works once, and is shown only here. The token is created when the link is used.`,
    gets: 'The recipient gets',
  },
  facts: {
    user: 'Acts on behalf of',
    note: 'Purpose',
    createdBy: 'Sent by',
    scope: 'Roles and permissions',
    everything: (user: string) => `All roles and permissions of ${user}`,
    permissionsOfRoles: 'With the permissions of these roles',
    nothing: 'None',
    expiry: 'Token expires',
    after: (life: string) => `${life} after its creation`,
    never: 'Never',
    until: 'Link valid until',
  },
  page: {
    heading: 'Create your token',
    lead: (sender: string) =>
      `${sender} has prepared a token for you. When you create it, its secret is shown once, and only to you.`,
    action: 'Create the token',
    sending: 'Creating…',
    created: 'Your token',
    store: 'Store the secret now, for example in a password manager or in the settings of your program.',
    used: {
      heading: 'This link was already used',
      text: (when: string) => `The token was created on ${when}. A link works only once.`,
      notYou: (sender: string) =>
        `If that was not you, tell ${sender} immediately: someone else has the token, and it must be revoked.`,
    },
    expired: {
      heading: 'This link has expired',
      text: (when: string, sender: string) => `It worked until ${when}. Ask ${sender} for a new one.`,
    },
    unknown: {
      heading: 'This link does not work',
      text: 'It is incomplete or was revoked. Check that you have opened the whole link. Otherwise ask its sender for a new one.',
    },
  },
  decisionReason: 'Reason (optional)',
  template: {
    lead: 'Users request tokens from templates. A template grants nothing by itself: someone must approve each request.',
    new: 'New template',
    editHeading: (name: string) => `Edit ${name}`,
    deleteHeading: (name: string) => `Delete ${name}?`,
    deleteText: 'Users can no longer request tokens from it. Existing requests are kept.',
    deleted: (name: string) => `Deleted ${name}.`,
    saved: (name: string) => `Saved ${name}.`,
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens. It cannot be changed later.',
    description: 'Description',
    note: 'Note for the tokens',
    life: 'Lifetime',
    empty: 'There are no templates yet.',
  },
};
