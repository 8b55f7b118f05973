import { counting } from '../counting';

const count = counting('en');

/** Texts of the search for pages, actions, users and tokens. */
export const palette = {
  placeholder: 'Page, action, user, token or trace ID',
  groups: {
    recent: 'Recent',
    pasted: 'Pasted',
    pages: 'Pages',
    actions: 'Actions',
    users: 'Users',
    tokens: 'Tokens',
  },
  tasks: {
    newUser: 'New user',
    newService: 'New service',
    importUsers: 'Import users',
    offers: 'Hand out or request a token',
    newToken: 'New API token',
    newRole: 'New role',
    newApi: 'New API',
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
  failed: 'The search for users and tokens failed. Change the text to search again.',
  nothing: 'Nothing found.',
  count: (total: number) => count(total, 'result', 'results'),
  hints: { move: 'move', open: 'open', newTab: 'in a new tab' },
};
