import { expect } from '@jest/globals';
import fc from 'fast-check';
import { tokenHeader, type Headers } from '../../support/api-client.js';
import { type Model, type ModelSecret, type ModelToken, type ModelUser } from './model.js';
import { type Real } from './real.js';

/** An action on the server and on the model. */
export type Command = fc.AsyncCommand<Model, Real>;

type Act<Of> = (of: Of, model: Model, real: Real) => Promise<void>;

/** Mostly true. Otherwise few users and tokens would be enabled. */
export const MOSTLY = fc.constantFrom(true, true, false);

/** Formats a time like the API. */
export const written = (time: number) => new Date(time).toISOString();

/** Headers that present a secret. */
export const presented = ({ user, text }: { user: string; text: string }): Headers =>
  tokenHeader({ user, token: text });

/** Creates a command without a user or token. */
export function command(name: string, act: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await act(model, real);
      await expectStatuses(model, real);
    },
    toString: () => name,
  };
}

/** Creates a command on one of the users. */
export const onUser = (name: string, act: Act<ModelUser>) => onOneOf(name, (model) => model.users, act);

/** Creates a command on one of the tokens, valid or not. */
export const onToken = (name: string, act: Act<ModelToken>) => onOneOf(name, (model) => model.tokens, act);

/** Creates a command with one of all secrets ever issued. */
export const withSecret = (name: string, act: Act<ModelSecret>) =>
  onOneOf(name, (model) => model.secrets, act);

function onOneOf<Of>(
  name: string,
  all: (model: Model) => readonly Of[],
  act: Act<Of>,
): fc.Arbitrary<Command> {
  return fc.nat(11).map((number) => ({
    ...command(`${name} #${number}`, (model, real) => {
      const candidates = all(model);
      return act(candidates[number % candidates.length]!, model, real);
    }),
    check: (model: Readonly<Model>) => all(model).length > 0,
  }));
}

/** Verifies every secret ever issued, and compares status and expiry with the model. */
async function expectStatuses(model: Model, { client }: Real): Promise<void> {
  model.rounds += 1;
  const { secrets } = model;
  const results = await Promise.all(
    secrets.map(async ({ text, user }, index) => {
      // Alternates between the headers, which are cached separately.
      const isBearer = (index + model.rounds) % 2 === 0;
      const headers = isBearer ? { Authorization: `Bearer ${text}` } : presented({ user, text });
      const response = await client.verify(headers, '?role=auditor');
      return [response.status, response.headers.get('x-auth-token-expires')];
    }),
  );

  expect(results).toEqual(
    secrets.map((secret) =>
      model.isValid(secret)
        ? [secret.token?.owner.isAuditor ? 200 : 403, written(model.expiryOf(secret))]
        : [401, null],
    ),
  );
}
