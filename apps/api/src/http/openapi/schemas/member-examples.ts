import { HEALTH_REASONS, HEALTH_REMARKS } from '@latchkey/auth-models';

const ID = '019ab3f0-5c1e-7d42-9d3a-2f6c8e1b7a90';
const TIME = '2026-11-25T09:30:00.000Z';
const LATER_TIME = '2027-02-23T08:00:00.000Z';
const NUMBER = 3;
/** Numbers that would contradict each other if all were the same. */
const NUMBERS: Record<string, number> = {
  page: 1,
  total: 120,
  index: 1,
  enabled: 117,
  disabled: 3,
  humans: 112,
  services: 8,
  live: 340,
  sessions: 210,
  api: 130,
  maxUses: 1_000,
  usesLeft: 872,
};

/**
 * Examples of members in the OpenAPI document, by name, or by class and name. Other members get the example
 * of their type.
 */
export const MEMBER_EXAMPLES: Record<string, unknown> = {
  name: 'anne',
  displayName: 'Anne Example',
  email: 'anne@example.com',
  roles: ['user'],
  role: 'auditor',
  description: 'Read-only access to everything.',
  permissions: ['users:read', 'tokens:read'],
  'BackupDto.file': '/var/backups/latchkey-2026-11-25.sqlite',
  bytes: 327_680,
  currentPassword: 'three violins in the rain',
  newPassword: 'seven lanterns on a river',
  password: 'three violins in the rain',
  'NewTotpDto.secret': 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  uri: 'otpauth://totp/Latchkey:anne?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Latchkey',
  'ConfirmSecondFactorDto.code': '123456',
  codes: ['bcdfg-hjkmn-pqrst-vwxyz'],
  secret: 'Vd3kXb0TfQ2mZy8RsLw1Ce',
  link: 'https://auth.example.com/admin/set-up?name=anna#Vd3kXb0TfQ2mZy8RsLw1Ce',

  token: 'latchkey_7Hq2nVb9XsT4kLw0ZrYc3JdMfG83ab5Cd',
  user: 'anne',
  note: 'nightly backup',
  lastUsageAddress: '192.0.2.17',
  lastUsageAgent: 'curl/8.14.1',
  lastUsageReportedBy: 'orders (orders-service)',
  verifiesFor: ['orders'],
  createdBy: 'admin',
  tokenExpiresIn: 2_592_000,
  'OfferDto.link': 'https://auth.example.com/admin/claim#Vd3kXb0TfQ2mZy8RsLw1Ce',
  tokenPreview: 'latchkey_…5Cd1',
  warnings: ['expirationTime is after the maximum; the token expires at 2027-11-26T08:00:00.000Z'],
  allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
  rateLimit: { limit: 100, windowSeconds: 60 },
  windowSeconds: 60,
  metadata: { tenant: 'acme' },
  expiresIn: 2_592_000,
  gracePeriodSeconds: 86_400,

  token_type_hint: 'access_token',
  client_id: 'orders-api',
  client_secret: 'latchkey_7Hq2nVb9XsT4kLw0ZrYc3JdMfG83ab5Cd',
  error_description: 'The token has expired.',
  issuer: 'https://auth.example.com',
  introspection_endpoint: 'https://auth.example.com/auth/introspect',
  revocation_endpoint: 'https://auth.example.com/auth/revoke',
  response_types_supported: [],
  grant_types_supported: [],
  service_documentation: 'https://auth.example.com/docs',
  username: 'anne',
  sub: '019ab3e1-77d2-7b60-8c4f-5a1e9d0c3b22',
  jti: ID,
  scope: 'users:read tokens:read',
  aud: ['tokens', 'users'],
  descendantOf: ID,
  permission: 'orders:read',
  iat: 1_795_593_600,
  exp: 1_803_369_600,
  nbf: 1_795_680_000,

  bound_to_address: false,
  request_id: '3c1f0a52-6f0e-4b57-9b0e-2d1a6f3b8c94',

  verifier: '5f0c7e0e-8f0b-4c52-8a3c-0c2b6f6f2f11',
  process: '8f5a2b64-5b1d-4a8e-9c3f-7d1f0e2a6b33',
  agent: 'curl/8.14.1',
  'LeakReportDto.tokens': ['latchkey_7Hq2nVb9XsT4kLw0ZrYc3JdMfG83ab5Cd'],
  'LeakReportDto.source': 'gitleaks',
  'LeakReportDto.url': 'https://git.example.com/shop/commit/5e1f',
  'VerifierDto.name': 'orders',
  'VerifierDto.version': '1.2.3',
  'VerifierReportDto.name': 'orders',
  'VerifierReportDto.version': '1.2.3',
  'ReplicaDto.name': 'auth-1:42',
  'ReplicaDto.version': '0.1.0',
  'ReplicaDto.address': '10.0.0.7:3000',
  'ReportedUseDto.token': ID,
  'ReportedRejectionDto.token': ID,

  action: 'user_created',
  actor: 'anne',
  actorToken: ID,
  subject: 'bert',
  address: '192.0.2.17',
  before: { enabled: true },
  after: { enabled: false },

  method: 'GET',
  route: '/auth/verify',
  'IntrospectionRequestDto.route': '/orders/:id',
  'ReportedRejectionDto.route': '/orders/:id',
  cause: 'missing_permission',
  service: 'orders',
  presentedPreview: 'latchkey_…5Cd1',
  missingPermissions: ['orders:write'],
  missingRoles: ['editor'],
  step: 'scope',
  result: 'failed',
  'ExplanationDto.status': 403,
  'ExplanationDto.code': 'insufficient_scope',
  'ExplanationStepDto.detail': 'The request requires orders:write, which the token does not have.',
  'RemedyDto.detail': 'Add the missing permissions or roles to the token.',
  'RemedyDto.kind': 'widen_token',
  'ExplainedTokenDto.state': 'active',

  status: 200,

  date: '2026-11-25',
  lastUseDate: '2026-11-25',
  reportedBy: 'orders-api (orders-service)',
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  value: '604800',

  'TokenBulkRequestDto.ids': [ID, '019ab3ee-90aa-7c11-8a55-0d9f3b6e2c41'],
  'UserBulkRequestDto.ids': ['anne', 'bert'],
  template: 'backup',
  decidedBy: 'bert',
  decisionReason: 'Agreed with the shop team.',
  'TokenTemplateDto.name': 'backup',
  'TokenTemplateDto.description': 'Nightly backups.',
  'CreateTokenTemplateDto.name': 'backup',
  'CreateTokenTemplateDto.description': 'Nightly backups.',
  'UpdateTokenTemplateDto.description': 'Nightly backups.',
  'OfferDto.reason': 'Backups of the shop.',
  'RequestTokenDto.reason': 'Backups of the shop.',
  'DecideOfferDto.reason': 'Agreed with the shop team.',
  'RoleDto.name': 'report-reader',
  'CreateRoleDto.name': 'report-reader',
  'ApiDto.name': 'orders',
  'CreateApiDto.name': 'orders',
  'ApiPermissionDto.name': 'orders:read',
  'ApiPermissionDto.description': 'See all orders.',
  'IntrospectionRequestDto.api': 'orders',
  'SettingDto.name': 'LATCHKEY_SESSION_IDLE_SECONDS',

  'ServerPolicyDto.version': '1.0.0',
  publicUrl: 'https://auth.example.com',
  login: '/auth/login',
  bump: '/auth/bump',
  logout: '/auth/logout',
  me: '/me',
  verify: '/auth/verify',
  introspect: '/auth/introspect',
  revocations: '/auth/revocations',
  openapi: '/openapi.json',
  headers: { xAuthToken: 'X-Auth-Token' },
  tokenPrefix: 'latchkey_',
  minLength: 15,
  maxLength: 256,
  maxBytes: 1024,
  idleSeconds: 604_800,
  maxSeconds: 2_592_000,
  'ApiTokenPolicyDto.maxSeconds': 31_622_400,
  defaultSeconds: 7_776_000,
  perUser: 50,
  writesPerDay: 20_000,
  size: 25,
  pageSize: 200,
  bulkIds: 1_000,

  reason: 'found in a build log',
  'IntrospectionResponseDto.expiration_time': '2027-01-31T09:30:00.000Z',
  'HealthDto.reason': HEALTH_REASONS.databaseUnavailable,
  remarks: [HEALTH_REMARKS.notificationsLost],
  type: 'https://auth.example.com/problems/validation_failed',
  'ProblemTypeDto.type': 'https://auth.example.com/problems/token_expired',
  'ProblemTypeDto.code': 'token_expired',
  'ProblemTypeDto.title': 'Token expired',
  'ProblemTypeDto.status': 401,
  meaning: 'The token has expired.',
  remedy: 'Sign in again, or create a new API token.',
  example: 'A job still uses an API token that was created 90 days ago.',
  title: 'Validation failed',
  detail: 'The body is well-formed, but contains invalid values.',
  pointer: '/displayName',
  code: 'is_single_line',
  message: 'displayName must be one line without control or invisible formatting characters',

  q: 'ann',
  state: 'active,expiring',
};

export function exampleOf(schema: string, member: string, type: string | undefined): unknown {
  return MEMBER_EXAMPLES[`${schema}.${member}`] ?? MEMBER_EXAMPLES[member] ?? exampleByType(member, type);
}

function exampleByType(member: string, type: string | undefined): unknown {
  if (type === 'number' || type === 'integer') {
    return NUMBERS[member] ?? NUMBER;
  }
  if (/(^i|I)d$/.test(member)) {
    return ID;
  }
  if (/xpirationTime$|To$|^until$/.test(member)) {
    return LATER_TIME;
  }
  return /(^t|T)ime$|From$|^(notBefore|effectiveBy)$/.test(member) ? TIME : undefined;
}
