/** Lifetimes in seconds. */
export const SECONDS = { idle: 600, session: 1_800, api: 1_200, longest: 2_400, cache: 300 } as const;

/** A user in the model. */
export interface ModelUser {
  name: string;
  password: string;
  enabled: boolean;
  isAuditor: boolean;
  displayName?: string;
  version: number;
}

/** A token in the model. Times are in milliseconds. */
export interface ModelToken {
  id: string;
  owner: ModelUser;
  kind: 'session' | 'api';
  secret: string;
  /** The previous secret, in its grace period. */
  superseded?: { secret: string; until: number };
  enabled: boolean;
  isRevoked: boolean;
  creationTime: number;
  expirationTime: number;
  idleExpirationTime?: number;
  version: number;
}

/** A secret ever issued, with its token if it still belongs to one. */
export interface ModelSecret {
  text: string;
  user: string;
  token?: ModelToken;
}

/** Model of users, tokens, versions and time, which the server must match after every command. */
export class Model {
  readonly users: ModelUser[] = [];
  tokens: ModelToken[] = [];
  /** Every secret ever issued, with its user's name. */
  readonly issuedSecrets: { text: string; user: string }[] = [];
  /** Number of comparisons so far. */
  rounds = 0;

  constructor(public now: number) {}

  get secrets(): ModelSecret[] {
    return this.issuedSecrets.map(({ text, user }) => ({
      text,
      user,
      token: this.tokens.find(({ secret, superseded }) => secret === text || superseded?.secret === text),
    }));
  }

  issue(token: Omit<ModelToken, 'enabled' | 'isRevoked' | 'creationTime' | 'version'>): void {
    this.tokens.push({ ...token, enabled: true, isRevoked: false, creationTime: this.now, version: 0 });
    this.issuedSecrets.push({ text: token.secret, user: token.owner.name });
  }

  /** Returns the expiry of a secret: that of its token, or of its grace period. */
  expiryOf({ text, token }: ModelSecret): number {
    const { superseded, expirationTime = 0, idleExpirationTime = Infinity } = token ?? {};
    return Math.min(
      expirationTime,
      idleExpirationTime,
      superseded?.secret === text ? superseded.until : Infinity,
    );
  }

  /** Whether a token is expired or revoked, regardless of its user. */
  isExpiredOrRevoked({ isRevoked, expirationTime, idleExpirationTime = Infinity }: ModelToken): boolean {
    return isRevoked || this.now >= Math.min(expirationTime, idleExpirationTime);
  }

  isValid(secret: ModelSecret): boolean {
    const { token } = secret;
    const isOn = token !== undefined && token.enabled && token.owner.enabled && !token.isRevoked;
    return isOn && this.now < this.expiryOf(secret);
  }

  /** Whether a secret is superseded, so it may only read and revoke. */
  isSuperseded({ text, token }: ModelSecret): boolean {
    return token?.superseded?.secret === text;
  }

  /** Revokes all tokens of a user. Of a kept token, only the superseded secret. */
  revokeTokensOf(user: ModelUser, kept?: ModelToken): void {
    const others = this.tokens.filter((token) => token.owner === user && token !== kept);
    others.forEach((token) => (token.isRevoked = true));
    delete kept?.superseded;
  }
}

/** Returns the status of a write: `done` unless the secret is superseded or invalid. */
export function expectedWriteStatus(model: Model, secret: ModelSecret, done: number): number {
  if (!model.isValid(secret)) {
    return 401;
  }
  return model.isSuperseded(secret) ? 403 : done;
}

/** Statuses of an expired or revoked token, which may have been purged. */
export const EXPIRED_OR_REVOKED = [409, 404];
