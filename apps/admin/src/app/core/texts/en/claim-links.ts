/** Claim links, and the page where recipients use them. */
export const claimLinks = {
  choice: {
    label: 'Hand over the secret',
    secret: 'Show it to me once',
    link: 'Send a claim link',
    secretHint: 'You copy the secret, and pass it on yourself.',
    linkHint: (user: string) =>
      `${user} opens the link within 24 hours and creates the token. You never see the secret, and it does not end up in a chat or an e-mail.`,
  },
  action: 'Create claim link',
  created: {
    heading: 'Claim link created',
    text: (user: string) =>
      `Send this link to ${user}. It works once, and is shown only here. The token is created when the link is used.`,
    copy: 'Copy link',
    gets: 'The recipient gets',
    leave: {
      heading: 'Leave without copying?',
      text: 'The link is shown only once. If you lose it, delete it on the page of the user and create another one.',
      action: 'Leave',
    },
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
  list: {
    heading: 'Open claim links',
    lead: 'Each link lets its recipient create one token.',
    by: (issuer: string, until: string) => `Sent by ${issuer}, valid until ${until}`,
    delete: 'Delete link',
    question: {
      heading: 'Delete this claim link?',
      effect: 'The link stops working immediately. No token is created.',
    },
    deleted: 'Claim link deleted.',
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
      text: 'It is incomplete or was deleted. Check that you have opened the whole link. Otherwise ask its sender for a new one.',
    },
    incomplete: {
      heading: 'This link is incomplete',
      text: 'The part after the # sign is missing, perhaps because the page was reloaded. Open the original link again: opening a link does not use it up.',
    },
  },
};
