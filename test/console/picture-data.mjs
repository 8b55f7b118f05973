// Sample data of the screenshots: users, services, roles and tokens in every state. Numbers of days count
// back from today.
import { ADMIN } from './picture-server.mjs';

const FIREFOX = {
  browser: 'Firefox on Linux',
  agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0',
};
const CHROME = {
  browser: 'Chrome on Windows',
  agent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
};
const SAFARI = {
  browser: 'Safari on macOS',
  agent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
};

/** Age of the server in days. */
export const FIRST_DAY = 130;

export const ANNA = { name: ADMIN.name, address: '198.51.100.7', ...FIREFOX };
export const ELIF = {
  name: 'elif',
  displayName: 'Elif Yıldız',
  email: 'elif.yildiz@example.org',
  roles: ['admin'],
  since: 129,
  address: '198.51.100.23',
  ...SAFARI,
};

/** Users who sign in, with their address and browser. */
export const HUMANS = [
  ELIF,
  {
    name: 'bela.kovacs',
    displayName: 'Béla Kovács',
    email: 'bela@example.org',
    roles: ['auditor'],
    since: 128,
    address: '198.51.100.41',
    ...CHROME,
  },
  {
    name: 'chidi',
    displayName: 'Chidi Okafor',
    email: 'chidi.okafor@example.org',
    roles: ['user'],
    since: 126,
    address: '203.0.113.80',
    ...FIREFOX,
  },
  {
    name: 'ferdinand.hohenstaufen-wolkenstein',
    displayName: 'Ferdinand von Hohenstaufen-Wolkenstein',
    email: 'ferdinand@example.org',
    roles: ['user'],
    since: 110,
    address: '198.51.100.55',
    ...CHROME,
  },
  {
    name: 'hana',
    displayName: 'Hana Suzuki',
    email: 'hana@example.org',
    roles: ['user'],
    since: 105,
    until: 17,
    address: '203.0.113.12',
    ...SAFARI,
  },
  {
    name: 'ines',
    displayName: 'Inês Carvalho',
    email: 'ines.carvalho@example.org',
    roles: ['user'],
    since: 96,
    address: '198.51.100.61',
    ...FIREFOX,
  },
  {
    name: 'jonas',
    displayName: 'Jonas Lindqvist',
    email: 'jonas.lindqvist@example.org',
    roles: ['user'],
    since: 88,
    address: '2001:db8:44::9f',
    ...FIREFOX,
  },
  {
    name: 'kofi.mensah',
    displayName: 'Kofi Mensah',
    email: 'kofi.mensah@example.org',
    roles: ['user', 'support'],
    since: 61,
    address: '203.0.113.97',
    ...CHROME,
  },
  {
    name: 'lena',
    displayName: 'Lena Brandt',
    email: 'lena.brand@example.org',
    roles: ['user', 'editor'],
    since: 40,
    address: '198.51.100.88',
    ...SAFARI,
  },
];

/** Targets of events, with the path of the receiver in the simulation and the URL in the pictures. */
export const EVENT_TARGETS = [
  {
    name: 'on-call',
    since: 28,
    path: '/ok',
    url: 'https://hooks.example.org/latchkey',
    types: ['token.leaked', 'token.created', 'token.rotated', 'token.revoked', 'user.disabled'],
  },
  {
    name: 'platform-chat',
    since: 27,
    path: '/unavailable',
    url: 'https://chat.example.org/hooks/platform',
    format: 'slack',
    types: ['token.leaked', 'token.rotated'],
  },
  {
    name: 'weekly-list',
    since: 21,
    addresses: ['ops@example.org', 'security@example.org'],
    schedule: 'daily',
    types: ['backup.overdue'],
  },
];

/** User who has not signed in yet. */
export const NEWCOMER = {
  name: 'mateo',
  displayName: 'Mateo Ruiz',
  email: 'mateo@example.org',
  roles: ['user'],
};

export const SERVICES = [
  { name: 'billing-export', roles: ['user'], since: 121 },
  { name: 'deploy-bot', roles: ['user'], since: 100 },
  { name: 'grafana', displayName: 'Dashboards', roles: ['auditor'], since: 90 },
  { name: 'mail-relay', roles: ['user'], since: 71 },
  { name: 'nightly-backup', roles: ['user'], since: 65 },
  { name: 'wiki', displayName: 'Wiki', roles: ['user', 'editor'], since: 34 },
];

export const ROLES = [
  {
    name: 'support',
    description: 'Looks after users and their tokens.',
    permissions: ['users:read', 'users:write', 'tokens:read'],
  },
  { name: 'editor', description: 'A label for the services behind us.', permissions: [] },
];

/**
 * Tokens with their age (`since`), the days until they expire (`endsIn`), and the uses per day (minimum and
 * maximum), on workdays only or until a day.
 */
export const TOKENS = [
  {
    user: 'deploy-bot',
    note: 'GitHub Actions, production',
    since: 85,
    endsIn: 5,
    uses: [6, 19],
    onWorkdays: true,
    agent: 'curl/8.14.1',
    address: '192.0.2.14',
  },
  {
    user: 'deploy-bot',
    note: 'GitHub Actions, staging',
    since: 50,
    endsIn: 40,
    permissions: [],
    uses: [2, 11],
    onWorkdays: true,
    agent: 'curl/8.14.1',
    address: '192.0.2.15',
  },
  {
    user: 'billing-export',
    note: 'Nightly export to the data warehouse, which runs at two in the morning and must not be interrupted',
    since: 120,
    uses: [2, 2],
    agent: 'python-requests/2.32.5',
    address: '192.0.2.31',
  },
  {
    user: 'grafana',
    note: 'Dashboards',
    since: 81,
    endsIn: 9,
    uses: [14, 26],
    agent: 'Grafana/12.1',
    address: '192.0.2.50',
  },
  {
    user: 'hana',
    note: 'Laptop',
    since: 60,
    endsIn: 30,
    uses: [1, 4],
    onWorkdays: true,
    until: 18,
    agent: 'HTTPie/3.2.4',
    address: '203.0.113.12',
  },
  {
    user: 'chidi',
    note: 'Old laptop',
    since: 125,
    endsIn: 200,
    uses: [1, 3],
    until: 104,
    agent: 'curl/8.5.0',
    address: '203.0.113.80',
  },
  { user: 'elif', note: 'Evaluation of the gateway', since: 20, endsIn: 70 },
  {
    user: 'mail-relay',
    note: 'Relay in Frankfurt',
    since: 70,
    endsIn: 110,
    uses: [3, 7],
    agent: 'Go-http-client/2.0',
    address: '2001:db8:7::25',
  },
  {
    user: 'nightly-backup',
    note: 'Vault',
    since: 64,
    endsIn: 300,
    uses: [1, 1],
    agent: 'restic/0.18.1',
    address: '192.0.2.77',
  },
  {
    user: 'wiki',
    note: 'Sign-in of the wiki',
    since: 33,
    endsIn: 11,
    uses: [5, 16],
    onWorkdays: true,
    agent: 'node',
    address: '192.0.2.90',
  },
  {
    user: 'jonas',
    note: 'Command line',
    since: 44,
    endsIn: 46,
    uses: [0, 5],
    onWorkdays: true,
    agent: 'curl/8.14.1',
    address: '2001:db8:44::9f',
  },
];
