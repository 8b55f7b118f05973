/** How long what is made lives, in seconds. */
export const SECONDS = { idle: 600, session: 1_800, api: 1_200, longest: 2_400, remembered: 300 } as const;

/** A user, as the contract tells of them. */
export interface ModelUser {
  name: string;
  password: string;
  enabled: boolean;
  isAuditor: boolean;
  displayName?: string;
  version: number;
}

/** A token, as the contract tells of it; times in milliseconds. */
export interface ModelToken {
  id: string;
  owner: ModelUser;
  kind: 'session' | 'api';
  secret: string;
  /** The secret before, in its grace period. */
  former?: { secret: string; until: number };
  enabled: boolean;
  isRevoked: boolean;
  creationTime: number;
  expirationTime: number;
  idleExpirationTime?: number;
  version: number;
}

/** A text that once was a token, and what it is now. */
export interface ModelSecret {
  text: string;
  user: string;
  token?: ModelToken;
}

/** Users, tokens, versions and time: what the server must agree with after whatever is done to it. */
export class Model {
  readonly users: ModelUser[] = [];
  tokens: ModelToken[] = [];
  /** Every secret there ever was, with its user's name. */
  readonly given: { text: string; user: string }[] = [];
  looks = 0;

  constructor(public now: number) {}

  get secrets(): ModelSecret[] {
    return this.given.map(({ text, user }) => ({
      text,
      user,
      token: this.tokens.find(({ secret, former }) => secret === text || former?.secret === text),
    }));
  }

  issue(made: Omit<ModelToken, 'enabled' | 'isRevoked' | 'creationTime' | 'version'>): void {
    this.tokens.push({ ...made, enabled: true, isRevoked: false, creationTime: this.now, version: 0 });
    this.given.push({ text: made.secret, user: made.owner.name });
  }

  /** When a secret ends: with its token, and a former one with its grace period. */
  endOf({ text, token }: ModelSecret): number {
    const { former, expirationTime = 0, idleExpirationTime = Infinity } = token ?? {};
    return Math.min(expirationTime, idleExpirationTime, former?.secret === text ? former.until : Infinity);
  }

  /** Whether a token has ended for good, whatever becomes of its user. */
  isOver({ isRevoked, expirationTime, idleExpirationTime = Infinity }: ModelToken): boolean {
    return isRevoked || this.now >= Math.min(expirationTime, idleExpirationTime);
  }

  isGood(secret: ModelSecret): boolean {
    const { token } = secret;
    const isOn = token !== undefined && token.enabled && token.owner.enabled && !token.isRevoked;
    return isOn && this.now < this.endOf(secret);
  }

  /** Whether a secret is the one before, which may only read and revoke. */
  isFormer({ text, token }: ModelSecret): boolean {
    return token?.former?.secret === text;
  }

  /** Ends all tokens of a user, or all but one, of which the former secret ends. */
  endTokensOf(user: ModelUser, kept?: ModelToken): void {
    const others = this.tokens.filter((token) => token.owner === user && token !== kept);
    others.forEach((token) => (token.isRevoked = true));
    delete kept?.former;
  }
}
