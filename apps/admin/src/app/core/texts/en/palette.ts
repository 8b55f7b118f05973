import { counting } from '../counting';

const count = counting('en');

/** Texts of the search for pages, actions, users, tokens, roles, APIs and settings. */
export const palette = {
  placeholder: 'Page, action, name or trace ID',
  groups: {
    recent: 'Recent',
    pasted: 'Pasted',
    pages: 'Pages',
    actions: 'Actions',
    users: 'Users',
    tokens: 'Tokens',
    roles: 'Roles',
    permissions: 'Permissions',
    apis: 'APIs',
    settings: 'Settings',
  },
  tasks: {
    newUser: 'New user',
    newService: 'New service',
    importUsers: 'Import users',
    newCanary: 'New canary',
    newTemplate: 'New token template',
    leaked: 'Tokens reported as leaked',
    sessions: 'Sessions',
    canaries: 'Canaries',
    offers: 'Token offers, claim links and requests',
    newToken: 'New API token',
    newRole: 'New role',
    newApi: 'New API',
    eventTargets: 'Event targets: webhooks and e-mail',
    newEventTarget: 'New event target',
    explain: 'Explain a rejection',
    changePassword: 'Change my password',
  },
  theme: (theme: string) => `Theme: ${theme}`,
  language: (language: string) => `Language: ${language}`,
  rejectionsOf: (preview: string) => `Rejections of ${preview}`,
  openToken: 'Open the token',
  explain: 'Explain the request',
  secret: 'This looks like a token. The secret is not sent anywhere.',
  searching: 'Searching…',
  failed: 'The search failed. Change the text to search again.',
  nothing: 'Nothing found.',
  count: (total: number) => count(total, 'result', 'results'),
  hints: { move: 'move', open: 'open', newTab: 'in a new tab' },
};
