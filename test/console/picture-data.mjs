// What the pictures of the console show: people, services, roles and tokens in every state.

export const ADMIN = { name: 'anna.berg', password: 'a password for pictures' };

const PEOPLE = [
  ['bela.kovacs', 'Béla Kovács', 'bela@example.org', ['auditor']],
  ['billing-export', null, null, ['user'], 'service'],
  ['chidi', 'Chidi Okafor', 'chidi.okafor@example.org', ['user']],
  ['deploy-bot', null, null, ['user'], 'service'],
  ['elif', 'Elif Yıldız', 'elif.yildiz@example.org', ['admin']],
  [
    'ferdinand.hohenstaufen-wolkenstein',
    'Ferdinand von Hohenstaufen-Wolkenstein',
    'ferdinand@example.org',
    ['user'],
  ],
  ['grafana', 'Dashboards', null, ['auditor'], 'service'],
  ['hana', 'Hana Suzuki', 'hana@example.org', ['user']],
  ['ines', 'Inês Carvalho', 'ines.carvalho@example.org', ['user', 'auditor']],
  ['jonas', 'Jonas Lindqvist', 'jonas.lindqvist@example.org', ['user']],
];

const ROLES = [
  {
    name: 'support',
    description: 'Looks after users and their tokens.',
    permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write'],
  },
  { name: 'editor', description: 'A label for the services behind us.', permissions: [] },
];

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();

/** Whose tokens there are, with what they were last used. */
const TOKENS = () => [
  ['deploy-bot', { note: 'GitHub Actions, production', expirationTime: inDays(5) }, 'curl/8.14.1'],
  [
    'deploy-bot',
    { note: 'GitHub Actions, staging', expirationTime: inDays(40), permissions: [] },
    'curl/8.14.1',
  ],
  [
    'billing-export',
    {
      note: 'Nightly export to the data warehouse, which runs at two in the morning and must not be interrupted',
      expirationTime: null,
    },
    'python-requests/2.32.5',
  ],
  ['grafana', { note: 'Dashboards', expirationTime: inDays(9) }, 'Grafana/12.1'],
  ['hana', { note: 'Laptop' }, null],
];

/** The client of a server, for what fills it and for the pictures. */
export class PictureServer {
  constructor(url) {
    this.url = url;
  }

  /** Fills the server, and returns the id of a token whose old secret is still in use. */
  async fill() {
    const admin = await this.logIn(ADMIN.name, 'curl/8.14.1');
    for (const [name, displayName, email, roles, kind = 'human'] of PEOPLE) {
      const password = kind === 'human' ? { password: ADMIN.password } : {};
      const words = { ...(displayName && { displayName }), ...(email && { email }) };
      await this.call('POST', '/users', admin, { name, roles, kind, ...words, ...password });
    }
    for (const role of ROLES) {
      await this.call('POST', '/roles', admin, role);
    }
    const made = [];
    for (const [user, wish, agent] of TOKENS()) {
      const token = await this.call('POST', `/users/${user}/tokens`, admin, wish);
      made.push({ token, agent });
      if (agent) {
        await this.call('GET', '/me', { ...headersOf(token), 'User-Agent': agent });
      }
    }
    const { token: rotated, agent } = made.find(({ token }) => token.user === 'grafana');
    await this.call('POST', `/tokens/${rotated.id}/rotate`, admin, { gracePeriodSeconds: 86_400 });
    await this.call('GET', '/me', { ...headersOf(rotated), 'User-Agent': agent });
    await this.call('PATCH', '/users/hana', { ...admin, 'If-Match': '*' }, { enabled: false });
    await this.logIn('chidi', 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0');
    await fetch(`${this.url}/auth/login`, { method: 'POST', headers: basic('jonas', 'a wrong password') });
    return rotated.id;
  }

  async logIn(name, agent) {
    const token = await this.call('POST', '/auth/login', {
      ...basic(name, ADMIN.password),
      'User-Agent': agent,
    });
    return headersOf(token);
  }

  async call(method, path, headers, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    }
    return response.json();
  }
}

function basic(name, password) {
  return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

function headersOf({ user, token }) {
  return { 'X-Auth-Token': Buffer.from(`${user}:${token}`).toString('base64') };
}
